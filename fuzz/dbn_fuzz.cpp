// The DBN importer on arbitrary bytes. The first byte picks how they are read: as a whole file, by
// the importer itself (compressed or not), or as records, piece by piece, under the metadata of a
// fragment. Whatever reaches the sink must be what a table can hold, nothing may arrive from a
// refused file, and the same records cut elsewhere must give the same rows.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <variant>

#include <sluice/adapters/dbn/dbn_decoder.hpp>
#include <sluice/adapters/dbn/dbn_import.hpp>

namespace {

using namespace sluice;
namespace dbn = adapters::dbn;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

constexpr std::int64_t kTimeMax = std::int64_t{1} << 62;

// Checks every chunk and adds up what it holds.
class CheckingSink final : public pipeline::TickSink {
  public:
    std::uint64_t rows = 0;
    std::uint64_t sum = 0;
    std::uint64_t committed = 0;

    [[nodiscard]] std::string fingerprint(std::string_view bytes) const override {
        return std::to_string(bytes.size());
    }
    [[nodiscard]] bool holds(const pipeline::Instrument&, pipeline::Date, pipeline::TableKey,
                             const std::string&) override {
        return false;
    }
    pipeline::PutOutcome put(const pipeline::Instrument&, const pipeline::DayTables&) override {
        return pipeline::PutOutcome::kWritten;
    }
    [[nodiscard]] std::unique_ptr<pipeline::DayWriter> open_day(
        const pipeline::Instrument& instrument, pipeline::Date date) override {
        require(!instrument.symbol.empty() && instrument.symbol.size() <= dbn::kSymbolMax);
        require(date.ok());
        return std::make_unique<Day>(*this);
    }

  private:
    class Day final : public pipeline::DayWriter {
      public:
        explicit Day(CheckingSink& sink) : sink_(sink) {}
        void append(const pipeline::TableChunk& chunk) override {
            require(chunk.size() != 0 && chunk.size() <= 65'536);
            std::visit([this](const auto* columns) { check(*columns); }, chunk.columns());
        }
        pipeline::PutOutcome commit(const pipeline::Provenance&) override {
            ++sink_.committed;
            return pipeline::PutOutcome::kWritten;
        }

      private:
        template <class Columns>
        void check(const Columns& columns) {
            Columns::each(columns, [&](const char* text, const auto& column, bool) {
                const std::string_view name = text;
                require(column.size() == columns.size());
                using Value = typename std::remove_cvref_t<decltype(column)>::value_type;
                for (const Value value : column) {
                    sink_.sum += static_cast<std::uint64_t>(value);
                    if constexpr (std::is_same_v<Value, std::int64_t>) {
                        if (name == "time" || name == "received")
                            require(value >= 0 && value <= kTimeMax);
                        else if (name != "order" && name != "price")
                            require(value >= 0);
                        require(name == "order" || (value != INT64_MAX && value != INT64_MIN));
                    }
                }
            });
            sink_.rows += columns.size();
        }
        CheckingSink& sink_;
    };
};

class Reference final : public pipeline::ReferenceSink {
  public:
    pipeline::PutOutcome put_actions(const std::string&, const pipeline::CorporateActions&,
                                     const pipeline::Provenance&) override {
        return pipeline::PutOutcome::kWritten;
    }
    pipeline::PutOutcome put_calendar(const pipeline::SessionCalendar&,
                                      const pipeline::Provenance&) override {
        return pipeline::PutOutcome::kWritten;
    }
    pipeline::PutOutcome put_instruments(const std::vector<pipeline::Instrument>& instruments,
                                         const pipeline::Provenance&) override {
        for (const pipeline::Instrument& instrument : instruments)
            require(instrument.tick_size.raw() > 0 && instrument.multiplier.raw() >= 0);
        return pipeline::PutOutcome::kWritten;
    }
};

void read_file(std::span<const std::uint8_t> bytes) {
    const int file = ::memfd_create("dbn", 0);
    require(file >= 0 &&
            ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    CheckingSink sink;
    Reference reference;
    dbn::DbnOptions options;
    options.on_bad_row = pipeline::OnBadRow::kSkip;
    try {
        const auto report =
            dbn::import_dbn("/proc/self/fd/" + std::to_string(file), sink, &reference, options);
        require(report.rows_stored >= sink.rows || sink.committed == 0);
    } catch (const pipeline::ImportError&) {
        require(sink.committed == 0);
    }
    ::close(file);
}

struct Totals {
    std::uint64_t rows, sum, records, skipped;
    friend bool operator==(const Totals&, const Totals&) = default;
};

// The records, given in pieces that grow by `step` bytes.
Totals read_records(std::span<const std::byte> bytes, std::uint8_t version, std::size_t step) {
    CheckingSink sink;
    Reference reference;
    dbn::DbnOptions options;
    options.on_bad_row = pipeline::OnBadRow::kSkip;
    options.fragment = dbn::DbnFragment{version, "GLBX.MDP3"};
    dbn::DbnMetadata metadata;
    metadata.version = version;
    metadata.dataset = "GLBX.MDP3";
    dbn::InstrumentBook book;
    pipeline::ImportReport report;
    dbn::DbnDecoder decoder({"fuzz", "fuzz", "fuzz"}, std::move(metadata), sink, &reference, book,
                            options, report);
    std::uint64_t records = 0;
    try {
        for (std::size_t at = 0, end = 0; end < bytes.size();) {
            end = std::min(bytes.size(), end + step);
            const std::size_t used = decoder.feed(bytes.subspan(at, end - at));
            require(used <= end - at);
            at += used;
        }
        records = decoder.rows();
        decoder.commit();
    } catch (const pipeline::ImportError&) {
        require(sink.committed == 0);
        return {};
    }
    return {sink.rows, sink.sum, records, report.rows_skipped};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::span<const std::uint8_t> rest(data + 1, size - 1);
    if (data[0] % 4 == 0) {
        read_file(rest);
        return 0;
    }
    const auto version = static_cast<std::uint8_t>(data[0] % 4);
    const auto bytes = std::as_bytes(rest);
    const Totals whole = read_records(bytes, version, bytes.size() + 1);
    require(read_records(bytes, version, 1U + data[0]) == whole);
    return 0;
}
