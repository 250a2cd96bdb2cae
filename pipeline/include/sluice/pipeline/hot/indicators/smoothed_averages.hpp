// Averages made of averages: double, triple, T3, triangular, Hull.
#pragma once

#include <array>
#include <cmath>

#include <sluice/pipeline/hot/indicators/moving_averages.hpp>

namespace sluice::pipeline::indicators {

// K exponential averages, each of the one before; each begins when the one before is ready.
template <std::size_t K>
class EmaChain {
  public:
    EmaChain(std::size_t period, Seed seed) : stages_(make(period, seed)) {}

    void update(double value) noexcept {
        for (Ema& stage : stages_) {
            stage.update(value);
            if (!stage.ready()) return;
            value = stage.value();
        }
    }
    [[nodiscard]] bool ready() const noexcept { return stages_.back().ready(); }
    // The average taken i + 1 times; once ready.
    [[nodiscard]] double operator[](std::size_t i) const noexcept { return stages_[i].value(); }
    [[nodiscard]] std::size_t warm_up() const noexcept {
        return K * (stages_.front().warm_up() - 1) + 1;
    }

  private:
    static std::array<Ema, K> make(std::size_t period, Seed seed) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return std::array<Ema, K>{(static_cast<void>(I), Ema{period, seed})...};
        }
        (std::make_index_sequence<K>{});
    }
    std::array<Ema, K> stages_;
};

// Double exponential average (P. Mulloy, "Smoothing data with faster moving averages", 1994).
class Dema : public OneReading<double> {
  public:
    explicit Dema(std::size_t period, Seed seed = Seed::kMean)
        : OneReading(EmaChain<2>(period, seed).warm_up()), emas_(period, seed) {}

    void update(double value) noexcept {
        emas_.update(value);
        if (emas_.ready()) publish(2 * emas_[0] - emas_[1]);
    }

  private:
    EmaChain<2> emas_;
};

// Triple exponential average (the same paper).
class Tema : public OneReading<double> {
  public:
    explicit Tema(std::size_t period, Seed seed = Seed::kMean)
        : OneReading(EmaChain<3>(period, seed).warm_up()), emas_(period, seed) {}

    void update(double value) noexcept {
        emas_.update(value);
        if (emas_.ready()) publish(3 * emas_[0] - 3 * emas_[1] + emas_[2]);
    }

  private:
    EmaChain<3> emas_;
};

// Per cent by which the triple average rose (J. Hutson, "TRIX", 1983).
class Trix : public OneReading<double> {
  public:
    explicit Trix(std::size_t period, Seed seed = Seed::kMean)
        : OneReading(EmaChain<3>(period, seed).warm_up() + 1), emas_(period, seed) {}

    void update(double value) noexcept {
        emas_.update(value);
        if (!emas_.ready()) return;
        const double now = emas_[2];
        if (started_) publish(before_ == 0 ? 0.0 : 100 * (now - before_) / before_);
        before_ = now;
        started_ = true;
    }

  private:
    EmaChain<3> emas_;
    double before_ = 0;
    bool started_ = false;
};

// T3 (T. Tillson, "Smoothing techniques for more accurate signals", 1998): (1 + v) e - v ee, taken
// three times, written out in the six averages.
class T3 : public OneReading<double> {
  public:
    T3(std::size_t period, double volume_factor, Seed seed = Seed::kMean)
        : OneReading(EmaChain<6>(period, seed).warm_up()), emas_(period, seed) {
        const double v = volume_factor;
        weights_ = {(1 + v) * (1 + v) * (1 + v), -3 * v * (1 + v) * (1 + v), 3 * v * v * (1 + v),
                    -v * v * v};
    }

    void update(double value) noexcept {
        emas_.update(value);
        if (!emas_.ready()) return;
        publish(weights_[0] * emas_[2] + weights_[1] * emas_[3] + weights_[2] * emas_[4] +
                weights_[3] * emas_[5]);
    }

  private:
    EmaChain<6> emas_;
    std::array<double, 4> weights_{};
};

// Triangular average: a simple average of a simple average, so that the middle weighs most.
class Trima : public OneReading<double> {
  public:
    explicit Trima(std::size_t period)
        : OneReading(period), inner_(period / 2 + 1), outer_(period - period / 2) {}

    void update(double value) noexcept {
        inner_.update(value);
        if (!inner_.ready()) return;
        outer_.update(inner_.value());
        if (outer_.ready()) publish(outer_.value());
    }

  private:
    Sma inner_;
    Sma outer_;
};

// Hull average (A. Hull, 2005): WMA(2 WMA(n / 2) - WMA(n), sqrt n), both lengths rounded to the
// nearest, a half to the even one as LEAN does.
class Hma : public OneReading<double> {
  public:
    explicit Hma(std::size_t period)
        : OneReading(period - 1 + rounded(std::sqrt(static_cast<double>(period)))),
          half_(rounded(static_cast<double>(period) / 2)), whole_(period),
          smooth_(rounded(std::sqrt(static_cast<double>(period)))) {}

    void update(double value) noexcept {
        half_.update(value);
        whole_.update(value);
        if (!whole_.ready()) return;
        smooth_.update(2 * half_.value() - whole_.value());
        if (smooth_.ready()) publish(smooth_.value());
    }

  private:
    [[nodiscard]] static std::size_t rounded(double length) noexcept {
        return std::max<std::size_t>(1, static_cast<std::size_t>(std::nearbyint(length)));
    }
    Wma half_;
    Wma whole_;
    Wma smooth_;
};

static_assert(Indicator<Dema> && Indicator<Tema> && Indicator<Trix> && Indicator<T3> &&
              Indicator<Trima> && Indicator<Hma>);

}  // namespace sluice::pipeline::indicators
