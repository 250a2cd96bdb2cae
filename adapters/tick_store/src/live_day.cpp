// A day that is recorded while it happens: parts, and the whole day that replaces them.
#include <system_error>
#include <utility>

#include "writer_state.hpp"

namespace sluice::adapters::tick_store {
namespace {

namespace fs = std::filesystem;

const pipeline::Provenance kRecorded{"recorded", "", 0};

// Adds a mapped table to the draft.
template <class Columns>
void copy_table(const MappedDay& day, const TablePlace& table, DayDraft& draft) {
    Columns all;
    std::size_t i = 0;
    Columns::each(all, [&](const char*, auto& column, bool) {
        const std::size_t index = i++;
        if (!table.columns[index].present) return;
        column.resize(table.rows);
        day.copy(table, index, std::as_writable_bytes(std::span(column)));
    });
    draft.append({all, table.key.period_s});
}

void copy_part(const fs::path& path, DayDraft& draft) {
    const auto day = map_day(path);
    day->verify();
    for (const TablePlace& table : day->file().tables) {
        switch (table.key.kind) {
            case TableKind::kTrades: copy_table<pipeline::TradeColumns>(*day, table, draft); break;
            case TableKind::kQuotes: copy_table<pipeline::QuoteColumns>(*day, table, draft); break;
            case TableKind::kLevels: copy_table<pipeline::LevelColumns>(*day, table, draft); break;
            case TableKind::kOrders: copy_table<pipeline::OrderColumns>(*day, table, draft); break;
            case TableKind::kBars: copy_table<pipeline::BarColumns>(*day, table, draft); break;
            case TableKind::kQuoteBars:
                copy_table<pipeline::QuoteBarColumns>(*day, table, draft);
                break;
            case TableKind::kOpenInterest:
                copy_table<pipeline::OpenInterestColumns>(*day, table, draft);
                break;
            case TableKind::kTruth: break;  // of generated data, which is not recorded
        }
    }
}

class Recording final : public LiveDay {
  public:
    Recording(std::shared_ptr<StoreWriter::State> state, const pipeline::Instrument& instrument,
              Date date)
        : state_(std::move(state)), instrument_(instrument), date_(date),
          folder_(state_->prepare(instrument, date)),
          pending_(std::make_unique<DayDraft>(state_, instrument_, date_)) {
        std::error_code error;
        const fs::path whole = folder_ / file_name(date_, false);
        if (fs::exists(whole, error)) {
            remove_parts();  // left by a crash after sealing
            throw StoreError(StoreFault::kConflict, whole.string(), "that day is held already",
                             "Record another day, or remove the file");
        }
        while (fs::exists(part_path(parts_ + 1), error)) ++parts_;
    }

    void append(const pipeline::TableChunk& chunk) override { pending_->append(chunk); }

    void publish() override {
        if (pending_->empty()) return;
        pending_->write_as(part_path(parts_ + 1), kRecorded);
        ++parts_;
        pending_ = std::make_unique<DayDraft>(state_, instrument_, date_);
    }

    void seal() override {
        publish();
        if (parts_ == 0) return;
        DayDraft whole(state_, instrument_, date_);
        for (unsigned part = 1; part <= parts_; ++part) copy_part(part_path(part), whole);
        whole.write_as(folder_ / file_name(date_, false), kRecorded);
        // Readers prefer the whole day from here on.
        remove_parts();
        parts_ = 0;
    }

  private:
    [[nodiscard]] fs::path part_path(unsigned part) const {
        return folder_ / file_name(date_, false, part);
    }
    // The last first: what a crash leaves is still numbered from one.
    void remove_parts() {
        std::error_code error;
        unsigned last = 0;
        while (fs::exists(part_path(last + 1), error)) ++last;
        for (; last > 0; --last) fs::remove(part_path(last), error);
    }

    std::shared_ptr<StoreWriter::State> state_;
    pipeline::Instrument instrument_;
    Date date_;
    fs::path folder_;
    std::unique_ptr<DayDraft> pending_;
    unsigned parts_ = 0;
};

}  // namespace

std::unique_ptr<LiveDay> make_live_day(std::shared_ptr<StoreWriter::State> state,
                                       const pipeline::Instrument& instrument, Date date) {
    return std::make_unique<Recording>(std::move(state), instrument, date);
}

}  // namespace sluice::adapters::tick_store
