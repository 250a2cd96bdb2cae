#include <sluice/pipeline/hot/signal_stage.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

namespace sluice::pipeline {

namespace {

constexpr std::uint64_t count_if(bool condition) noexcept { return condition ? 1U : 0U; }
constexpr std::int8_t stance_of(double strength) noexcept {
    return static_cast<std::int8_t>((strength > 0) - (strength < 0));
}

constexpr std::uint8_t kNoBars = UINT8_MAX;  // no timeframe has this index
static_assert(kMaxTimeframes + kMaxActivityBars < kNoBars);

// A call each: inlined, all kinds would share one frame, and each save what the largest needs.
template <class S>
SLUICE_NEVER_INLINE bool take(S& strategy, const Event& bar) noexcept {
    return strategy.on_bar(bar.bar());
}
bool take(PluginStrategy& strategy, const Event& bar) noexcept {
    return strategy.on_bar(bar.bar(), bar.time());
}
template <class S>
constexpr bool has_failed(const S& /*strategy*/) noexcept {
    return false;
}
bool has_failed(const PluginStrategy& strategy) noexcept { return strategy.failed(); }

// In four words, because an event takes it away at once: a word that was stored in pieces, or read as part
// of a vector, would not be there yet. See core::copy_words().
SLUICE_ALWAYS_INLINE void store_words(Intent& to, const Intent& from) noexcept {
    const auto two = [](std::uint64_t low, std::uint64_t high) { return low | high << 32U; };
    const auto store = [&to](std::size_t at, std::uint64_t word) {
        asm("" : "+r"(word));  // or the compiler joins words to vectors
        std::memcpy(reinterpret_cast<std::byte*>(&to) + at, &word, sizeof word);
    };
    static_assert(sizeof to == 32 && offsetof(Intent, confidence) == 16 &&
                  offsetof(Intent, parameter_version) == 24 && offsetof(Intent, age) == 28 &&
                  offsetof(Intent, behind) == 31);
    store(0, static_cast<std::uint64_t>(from.target.raw()));
    store(8, std::bit_cast<std::uint64_t>(from.score));
    store(16, two(std::bit_cast<std::uint32_t>(from.confidence),
                  std::bit_cast<std::uint32_t>(from.agreement)));
    store(24, two(from.parameter_version,
                  from.age | std::uint64_t{static_cast<std::uint8_t>(from.regime)} << 16U |
                      std::uint64_t{from.behind} << 24U));
}

CrossSectionMember& member_of(AnyStrategy& strategy) noexcept {
    auto* const member = std::get_if<CrossSectionMember>(&strategy);
    if (member == nullptr) __builtin_unreachable();  // its voter is sectional
    return *member;
}

}  // namespace

bool SignalStage::on_bar(const Event& event) noexcept {
    const std::size_t instrument = core::index_of(event.symbol());
    bool any = false;
    bool everyone = false;  // strengths of any instrument may have changed
    for (std::size_t i = 0; i < voters_.size(); ++i) {
        if (voters_[i].timeframe != event.timeframe()) continue;
        Cell& updated = cell(instrument, i);
        if (!update(i, updated, event)) [[unlikely]] {
            tally(i, instrument, event.bar().close);  // its last
            take_out(i, event);
            everyone = true;
        }
        if (voters_[i].sectional) everyone |= gather(i, event);
        any = true;
    }
    if (!any) return false;
    wanted_[instrument].price = event.bar().close;
    return everyone ? reconsider_all() : reconsider(instrument);
}

SLUICE_ALWAYS_INLINE bool SignalStage::update(std::size_t strategy, Cell& cell,
                                              const Event& event) noexcept {
    const double held = cell.strength;
    bool failed = false;
    with_strategy(cell.strategy, [&](auto& state) {
        cell.ready = take(state, event);
        cell.strength = state.strength();
        failed = has_failed(state);
    });
    cell.stance_before = stance_of(held);
    cell.stance = stance_of(cell.strength);
    if (performance_.enabled() && cell.ready) [[unlikely]]
        note_performance(strategy, cell, held, event);
    return !failed;
}

void SignalStage::note_performance(std::size_t strategy, const Cell& cell, double held,
                                   const Event& event) noexcept {
    const auto before = static_cast<double>(cell.last_close.raw());
    const double moved =
        before > 0 ? static_cast<double>(event.bar().close.raw()) / before - 1 : 0.0;
    performance_.note(strategy, event.time(), held * moved);
}

void SignalStage::tally(const Event& event) noexcept {
    const std::size_t instrument = core::index_of(event.symbol());
    for (std::size_t i = 0; i < voters_.size(); ++i) {
        if (voters_[i].timeframe == event.timeframe()) tally(i, instrument, event.bar().close);
    }
}

void SignalStage::tally(std::size_t strategy, std::size_t instrument, Price close) noexcept {
    Cell& cell = this->cell(instrument, strategy);
    StrategyTally& tally = tallies_[strategy];
    ++tally.bars;
    tally.long_bars += count_if(cell.stance > 0);
    tally.short_bars += count_if(cell.stance < 0);
    tally.changes += count_if(cell.stance != cell.stance_before);
    if (cell.stance_before != 0) {
        const PriceDelta move = close - cell.last_close;
        const PriceDelta gain = cell.stance_before > 0 ? move : -move;
        tally.winning_bars += count_if(gain.raw() > 0);
        tally.losing_bars += count_if(gain.raw() < 0);
        tally.stance_profit += currencies_.to_account(static_cast<SymbolId>(instrument),
                                                      gain * multipliers_[instrument]);
    }
    cell.last_close = close;
}

// A plugin that failed on one instrument is not called for any: its objects may share what broke.
void SignalStage::take_out(std::size_t strategy, const Event& bar) noexcept {
    Voter& voter = voters_[strategy];
    voter.failure = Failure{bar.time(), bar.symbol()};
    voter.timeframe = kNoBars;
    for (std::size_t k = 0; k < wanted_.size(); ++k) {
        Cell& out = cell(k, strategy);
        if (auto* const plugin = std::get_if<PluginStrategy>(&out.strategy)) plugin->take_out();
        out.ready = true;
        out.strength = 0;
    }
    ++failures_due_;
}

std::uint64_t SignalStage::heap_calls(std::size_t strategy) const noexcept {
    std::uint64_t calls = 0;
    for (std::size_t k = 0; k < wanted_.size(); ++k)
        if (const auto* const plugin =
                std::get_if<PluginStrategy>(&cells_[k * voters_.size() + strategy].strategy))
            calls += plugin->heap_calls();
    return calls;
}

// True when it has ranked: then strengths of any instrument may have changed.
bool SignalStage::gather(std::size_t strategy, const Event& bar) noexcept {
    CrossSection& section = sections_[voters_[strategy].section];
    const std::size_t instrument = core::index_of(bar.symbol());
    bool ranked = false;
    if (section.is_past(bar.time())) {
        rank(strategy);
        ranked = true;
    }
    const bool waited = section.gathering();
    const double past_return = member_of(cell(instrument, strategy).strategy).past_return();
    const bool full = section.gather(instrument, bar.time(), past_return);
    waiting_sections_ += count_if(!waited && section.gathering());
    if (full) {
        rank(strategy);
        ranked = true;
    }
    return ranked;
}

void SignalStage::rank(std::size_t strategy) noexcept {
    sections_[voters_[strategy].section].rank([&](std::size_t instrument, double strength) {
        Cell& ranked = cell(instrument, strategy);
        member_of(ranked.strategy).rank(strength);
        tallies_[strategy].changes += count_if(stance_of(strength) != stance_of(ranked.strength));
        ranked.strength = strength;
        ranked.ready = true;
    });
    --waiting_sections_;
}

bool SignalStage::on_beat() noexcept {
    bool ranked = false;
    for (std::size_t i = 0; i < voters_.size(); ++i) {
        if (!voters_[i].sectional || !sections_[voters_[i].section].on_beat()) continue;
        rank(i);
        ranked = true;
    }
    return ranked && reconsider_all();
}

bool SignalStage::reconsider_all() noexcept {
    bool any = false;
    for (std::size_t i = 0; i < wanted_.size(); ++i) any |= reconsider(i);
    return any;
}

bool SignalStage::reconsider(std::size_t instrument) noexcept {
    Wanted& wanted = wanted_[instrument];
    if (wanted.price.raw() <= 0) return false;  // no bar yet
    Intent intent = scored(instrument);
    const int direction = intent.score >= threshold_                    ? 1
                          : intent.score <= -threshold_ && allow_short_ ? -1
                                                                        : 0;
    if (direction == wanted.direction) {
        wanted.waiting = 0;
        if (wanted.intent.age != UINT16_MAX) ++wanted.intent.age;
        return false;
    }
    int admitted = direction;
    if (gate_.enabled()) [[unlikely]] {
        if (direction == 0) {
            wanted.waiting = 0;
        } else {
            admitted = admits(wanted, intent, direction, instrument) ? direction : 0;
            intent.age = wanted.waited;
        }
        if (admitted == wanted.direction) return wanted.changed;
    }
    const Quantity unsigned_size = admitted == 0 ? Quantity{} : size(instrument, wanted.price);
    intent.target = admitted < 0 ? -unsigned_size : unsigned_size;
    store_words(wanted.intent, intent);
    wanted.direction = admitted;
    wanted.intent_due = true;
    note_change(instrument);
    return true;
}

void SignalStage::note_change(std::size_t instrument) noexcept {
    Wanted& wanted = wanted_[instrument];
    if (wanted.changed) return;
    wanted.changed = true;
    if (changed_++ == 0 || instrument < first_changed_) first_changed_ = instrument;
}

// Judges a signal that wants another position; how long it has waited goes into the intent.
bool SignalStage::admits(Wanted& wanted, Intent intent, int direction,
                         std::size_t instrument) noexcept {
    if (wanted.waiting != direction) {
        wanted.waiting = direction;
        wanted.waited = 0;
        wanted.refused = {};
    } else if (wanted.waited != UINT16_MAX) {
        ++wanted.waited;
    }
    intent.age = wanted.waited;
    const SignalVerdict verdict =
        gate_.judge({intent.score, intent.confidence, intent.agreement, intent.age});
    if (verdict.passes()) {
        wanted.waiting = 0;
        return true;
    }
    if (verdict.fault != wanted.refused.fault) {
        const Quantity asked = size(instrument, wanted.price);
        wanted.refused = verdict;
        wanted.signal = intent;
        wanted.signal.target = direction < 0 ? -asked : asked;
        wanted.refusal_due = true;
        note_change(instrument);
    }
    return false;
}

Event SignalStage::refusal(const Event& cause, SymbolId symbol, const Wanted& wanted) noexcept {
    RefusalReason reason = RefusalReason::kLowQuality;
    switch (wanted.refused.fault) {
        case SignalFault::kStale: reason = RefusalReason::kStaleSignal; break;
        case SignalFault::kConfidence: reason = RefusalReason::kLowConfidence; break;
        case SignalFault::kAgreement: reason = RefusalReason::kLowAgreement; break;
        case SignalFault::kNone:
        case SignalFault::kQuality: break;
    }
    return Event::refusal(
        cause.time(), cause.sequence(), symbol, reason,
        {wanted.price, wanted.signal.target, wanted.refused.observed, wanted.refused.limit});
}

SLUICE_ALWAYS_INLINE Intent SignalStage::scored(std::size_t instrument) const noexcept {
    const auto regime = static_cast<std::size_t>(wanted_[instrument].regime);
    const Cell* const cells = cells_.data() + instrument * voters_.size();
    double sum = 0;
    double weight = 0;  // of those that are warmed up
    double all = 0;
    double on_side[3] = {0, 0, 0};  // short, flat, long
    std::uint8_t count[3] = {0, 0, 0};
    for (std::size_t i = 0; i < voters_.size(); ++i) {
        const Cell& cell = cells[i];
        const double share = cell.weight.value_or(voters_[i].weight) *
                             voters_[i].by_regime[regime] * performance_.factor(i);
        all += share;
        if (!cell.ready || !(share > 0)) continue;
        sum += share * cell.strength;
        weight += share;
        const auto side = static_cast<std::size_t>(stance_of(cell.strength) + 1);
        on_side[side] += share;
        ++count[side];
    }
    Intent intent{};
    intent.parameter_version = parameter_version_;
    intent.regime = wanted_[instrument].regime;
    if (!(weight > 0)) return intent;
    intent.score = sum / weight;
    const auto side = static_cast<std::size_t>(stance_of(intent.score) + 1);
    intent.agreement = static_cast<float>(on_side[side] / weight);
    intent.behind = count[side];
    intent.confidence = static_cast<float>(std::abs(intent.score) * weight / all);
    return intent;
}

QuoteIntent SignalStage::wanted_quote(const QuoteTable::Maker& maker,
                                      SymbolId symbol) const noexcept {
    const std::size_t instrument = core::index_of(symbol);
    const auto* const strategy =
        std::get_if<MarketMaker>(&cells_[instrument * voters_.size() + maker.strategy].strategy);
    if (strategy == nullptr) __builtin_unreachable();  // the table names no other kind
    QuoteIntent quote = strategy->quote(maker.tick);
    if (!(weight_of(instrument, maker.strategy) > 0)) quote.size = Quantity{};  // switched off
    return quote;
}

Quantity SignalStage::size(std::size_t instrument, Price price) const noexcept {
    if (sizing_.mode == SizingMode::kQuantity) return sizing_.quantity;
    if (sizing_.mode != SizingMode::kNotional) return Quantity::from_raw(lots_[instrument].raw());
    // Money over price is an underlying in raw units, because their scales divide out.
    const ContractSize& contract = sizes_[instrument];
    const Money notional =
        currencies_.to_instrument(static_cast<SymbolId>(instrument), sizing_.notional);
    const std::int64_t many = contract.contracts(notional.raw() / price.raw());
    const std::int64_t lot = lots_[instrument].raw();
    return Quantity::from_raw(many == contract.most().raw() ? many : many / lot * lot);
}

void SignalStage::set_rate(const ExchangeRate& rate) noexcept {
    if (rate.currency == kAccountCurrency || rate.currency >= currencies_.size() ||
        rate.rate.raw() <= 0)
        return;
    currencies_.set_rate(static_cast<CurrencyId>(rate.currency), rate.rate);
}

// False, and nothing has changed, where the change names nothing, is out of bounds, or may not come
// while it runs.
bool SignalStage::change(const ParameterChange& change) noexcept {
    if (change.strategy >= voters_.size()) return false;
    Voter& voter = voters_[change.strategy];
    if (change.parameter == kWeightParameter) {
        if (!kWeightDeclaration.accepts(change.value)) return false;
        voter.weight = change.value;
        parameter_version_ = change.version;
        return true;
    }
    const StrategyDeclaration& declaration = *voter.declaration;
    if (change.parameter >= declaration.parameters.size() ||
        !declaration.parameters[change.parameter].changes)
        return false;
    StrategyValues values = voter.values;
    values[change.parameter] = change.value;
    if (!declaration.accepts(values)) return false;
    voter.values = values;
    parameter_version_ = change.version;
    if (voter.sectional) sections_[voter.section].configure(values);
    for (std::size_t k = 0; k < wanted_.size(); ++k) {
        Cell& changed = cell(k, change.strategy);
        with_strategy(changed.strategy, [&](auto& state) {
            state.configure(values);
            changed.ready = state.ready();
            changed.strength = state.strength();
        });
    }
    return true;
}

}  // namespace sluice::pipeline
