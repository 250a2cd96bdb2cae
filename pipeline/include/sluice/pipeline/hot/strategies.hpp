// The strategies there are. To add a kind: an enumerator of StrategyKind, a header in hot/strategies/
// with the strategy and its declaration, and its name in the list below, in the enumerators' order.
// Configuration, `sluice strategy`, the guide's table and changes by event follow from its declaration.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/strategies/cross_section.hpp>
#include <sluice/pipeline/hot/strategies/indicator_vote.hpp>
#include <sluice/pipeline/hot/strategies/market_maker.hpp>
#include <sluice/pipeline/hot/strategies/mean_reversion.hpp>
#include <sluice/pipeline/hot/strategies/momentum.hpp>
#include <sluice/pipeline/hot/strategies/trend_following.hpp>

namespace sluice::pipeline {

using AnyStrategy = std::variant<TrendFollowing, MeanReversion, Momentum, CrossSectionMember,
                                 IndicatorVote, MarketMaker>;

inline constexpr std::size_t kStrategyKinds = std::variant_size_v<AnyStrategy>;

// Calls fn.operator()<S>() for the strategy of this kind.
template <class Fn>
constexpr decltype(auto) for_kind(StrategyKind kind, Fn&& fn) {
    using First = std::variant_alternative_t<0, AnyStrategy>;
    using Result = decltype(fn.template operator()<First>());
    return [&]<std::size_t... I>(std::index_sequence<I...>)->Result {
        using Call = Result (*)(Fn&);
        constexpr std::array<Call, sizeof...(I)> kCalls{[](Fn& call) -> Result {
            return call.template operator()<std::variant_alternative_t<I, AnyStrategy>>();
        }...};
        return kCalls[static_cast<std::size_t>(kind)](fn);
    }
    (std::make_index_sequence<kStrategyKinds>{});
}

// Not std::visit: its path for a valueless variant throws, and hot code is built without. A chain of
// compares, the first strategies of the list first.
template <std::size_t I = 0, class Variant, class Fn>
SLUICE_ALWAYS_INLINE decltype(auto) with_strategy(Variant& any, Fn&& fn) noexcept {
    if constexpr (I + 1 == kStrategyKinds) {
        auto* const strategy = std::get_if<I>(&any);
        if (strategy == nullptr) __builtin_unreachable();  // it holds one of them
        return fn(*strategy);
    } else {
        if (auto* strategy = std::get_if<I>(&any)) return fn(*strategy);
        return with_strategy<I + 1>(any, std::forward<Fn>(fn));
    }
}

namespace detail {
template <std::size_t... I>
constexpr bool kinds_in_order(std::index_sequence<I...>) {
    return ((std::variant_alternative_t<I, AnyStrategy>::kDeclaration.kind ==
             static_cast<StrategyKind>(I)) &&
            ...);
}
}  // namespace detail
static_assert(detail::kinds_in_order(std::make_index_sequence<kStrategyKinds>{}));

}  // namespace sluice::pipeline
