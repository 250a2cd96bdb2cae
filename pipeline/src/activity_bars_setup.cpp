// What bars by activity are built from. Start-up only.
#include <sluice/pipeline/hot/activity_bars.hpp>
#include <sluice/pipeline/hot/contract_size.hpp>

namespace sluice::pipeline {
namespace {

// Money is price * quantity * factor / part: a bar is full once price * quantity has come to this.
// Sizes are below 10^29, parts at most 10^8.
[[nodiscard]] core::Int128 full_at(core::Money size, const ContractSize& contract) noexcept {
    const core::Int128 parts = size.raw() * contract.part();
    return (parts + contract.factor() - 1) / contract.factor();
}

}  // namespace

ActivityBars::ActivityBars(const std::vector<ActivityBar>& definitions,
                           const InstrumentTable& instruments, std::size_t first_timeframe)
    : definitions_(definitions), first_timeframe_(first_timeframe),
      open_(instruments.size() * definitions.size()), closed_(definitions.size(), 0) {
    const std::vector<ContractSize> contracts = contract_sizes_of(instruments);
    for (std::size_t i = 0; i < open_.size(); ++i) {
        const ActivityBar& d = definitions_[i % definitions_.size()];
        open_[i].full = full_at(d.notional, contracts[i / definitions_.size()]);
        if (d.kind == ActivityKind::kImbalance) open_[i].imbalance = TickImbalance{d.ticks};
    }
}

}  // namespace sluice::pipeline
