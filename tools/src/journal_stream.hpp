// The journal's reader behind the pipeline's port. Its errors come when the run is over: the hot thread
// takes them for the end.
#pragma once

#include <exception>
#include <span>

#include <sluice/adapters/journal/journal_reader.hpp>
#include <sluice/pipeline/journal_source.hpp>

namespace sluice::tools {

class JournalStream final : public pipeline::JournalSource {
  public:
    explicit JournalStream(adapters::journal::JournalReader& reader) : reader_(reader) {}
    [[nodiscard]] std::span<const pipeline::Event> next_block() noexcept override {
        try {
            return reader_.next();
        } catch (...) {
            error_ = std::current_exception();
            return {};
        }
    }
    void rethrow() const {
        if (error_) std::rethrow_exception(error_);
    }

  private:
    adapters::journal::JournalReader& reader_;
    std::exception_ptr error_;
};

}  // namespace sluice::tools
