#include <sluice/adapters/dbn/dbn_tables.hpp>

namespace sluice::adapters::dbn {

void DbnTables::note_growth(std::size_t more) {
    rows_in_buffers_ += more;
    if (rows_in_buffers_ <= rows_max_) return;
    rows_in_buffers_ = more;
    for (auto& [name, day] : days_) {
        for (auto& [key, buffer] : day.tables)
            if (!buffer->held()) buffer->flush(0);
    }
}

void DbnTables::commit(const pipeline::Provenance& source, pipeline::ImportReport& report) {
    for (auto& [name, day] : days_) {
        std::uint64_t tables = 0;
        std::uint64_t rows = 0;
        for (auto& [key, buffer] : day.tables) {
            if (buffer->held()) {
                ++report.tables_unchanged;
                continue;
            }
            buffer->flush(0);
            tables += buffer->rows() != 0 ? 1U : 0U;
            rows += buffer->rows();
        }
        if (tables == 0) continue;
        if (day.writer->commit(source) == pipeline::PutOutcome::kUnchanged) {
            report.tables_unchanged += tables;
        } else {
            report.tables_written += tables;
            report.rows_stored += rows;
        }
        day.writer.reset();
    }
    days_.clear();
}

}  // namespace sluice::adapters::dbn
