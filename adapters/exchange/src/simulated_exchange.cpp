#include <sluice/adapters/exchange/simulated_exchange.hpp>

#include <algorithm>
#include <utility>

namespace sluice::adapters::exchange {

SimulatedExchange::SimulatedExchange(const ExchangeSettings& settings)
    : engine_(settings), flow_(std::make_unique<GeneratedFlow>(engine_, settings)),
      faults_(settings.faults, engine_, *flow_) {}

SimulatedExchange::SimulatedExchange(const ExchangeSettings& settings,
                                     pipeline::MarketSource& source,
                                     std::vector<std::uint16_t> numbers, double speed)
    : engine_(settings),
      flow_(std::make_unique<ReplayedFlow>(engine_, source, std::move(numbers), speed)),
      replayed_(static_cast<const ReplayedFlow*>(flow_.get())),
      faults_(settings.faults, engine_, *flow_) {}

void SimulatedExchange::connect(pipeline::MarketListener& market,
                                pipeline::ReportListener& clients) noexcept {
    engine_.connect(&market, &faults_, flow_.get());
    faults_.connect(&clients);
}

void SimulatedExchange::open(std::int64_t now_ns) noexcept {
    engine_.open(now_ns);
    flow_->start(now_ns);
    faults_.start(now_ns);
}

void SimulatedExchange::advance(std::int64_t now_ns) noexcept {
    if (!engine_.is_open()) return faults_.flush();
    // Actions and faults in the order of their times, as far as this call gets.
    std::size_t left = kActionsMax;
    for (;;) {
        const std::int64_t fault = faults_.next_due_ns();
        left -= flow_->advance(std::min(now_ns, fault), left);
        if (left == 0 || fault > now_ns) return;
        faults_.advance(fault);
    }
}

void SimulatedExchange::request(const pipeline::OrderRequest& request,
                                std::int64_t now_ns) noexcept {
    advance(now_ns);
    faults_.request(request, now_ns);
}

void SimulatedExchange::cancel_all(std::uint32_t client, std::int64_t now_ns) noexcept {
    faults_.cancel_all(client, now_ns);
}

std::int64_t SimulatedExchange::next_due_ns() const noexcept {
    if (!engine_.is_open()) return MarketFlow::kNever;
    return std::min(flow_->next_due_ns(), faults_.next_due_ns());
}

void SimulatedExchange::close(std::int64_t now_ns) noexcept {
    engine_.close(now_ns);
    faults_.flush();
}

void SimulatedExchange::end(std::int64_t now_ns) noexcept {
    close(now_ns);
    engine_.end(now_ns);
}

}  // namespace sluice::adapters::exchange
