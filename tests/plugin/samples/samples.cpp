// One plugin a value of SAMPLE: a sound one, and each kind of wrong one.
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <sluice/kit/indicators.hpp>
#include <sluice/kit/strategy.hpp>

#define SOUND 0
#define THROWS 1
#define ALLOCATES 2
#define NOT_FINITE 3
#define TOO_STRONG 4
#define SHARES_STATE 5
#define CANNOT_BE_MADE 6
#define OTHER_VERSION 7
#define OTHER_LAYOUT 8
#define BAD_NAME 9
#define BUILT_IN_NAME 10
#define SAME_NAME 11
#define TAKEN_KEY 12
#define THROWS_LATE 13

namespace {

#if SAMPLE == SHARES_STATE
int shared_bars = 0;
#endif

class Sample {
  public:
#if SAMPLE == BAD_NAME
    static constexpr const char* kName = "Above Average";
#elif SAMPLE == BUILT_IN_NAME
    static constexpr const char* kName = "momentum";
#elif SAMPLE == SOUND || SAMPLE == SAME_NAME
    static constexpr const char* kName = "above_average";
#elif SAMPLE == THROWS_LATE
    static constexpr const char* kName = "throws_late";
#else
    static constexpr const char* kName = "wrong_sample";
#endif
#if SAMPLE == SAME_NAME
    static constexpr const char* kVersion = "1.3";
#else
    static constexpr const char* kVersion = "1.2";
#endif
    static constexpr const char* kDoc = "long above the average of the closes, short below";
    static constexpr std::array kParameters {
        sluice::kit::integer("period", "bars", 2, 500, 20, "Length of the average."),
            sluice::kit::real("size", "", 0, 1, 1, "Strength of a stance."),
#if SAMPLE == THROWS_LATE  // later than the check before a run looks
            sluice::kit::integer("throws_on", "bars", 1, 100'000, 2500, "On which bar it throws."),
#elif SAMPLE == TAKEN_KEY
            sluice::kit::real("weight", "", 0, 1, 1, "A key that every strategy has."),
#endif
    };

    explicit Sample(const sluice::kit::Values& values)
        : average_(values.integer(0)), size_(values.real(1)) {
#if SAMPLE == THROWS_LATE
        throws_on_ = static_cast<int>(values.integer(2));
#endif
#if SAMPLE == CANNOT_BE_MADE
        throw std::runtime_error("the model file is missing");
#endif
    }
    void on_bar(const sluice::kit::Bar& bar) {
        close_ = bar.close.to_double();
        average_.update(close_);
        ++bars_;
#if SAMPLE == THROWS
        if (bars_ == 100) throw std::logic_error("cannot go on");
#elif SAMPLE == THROWS_LATE
        if (bars_ == throws_on_) throw std::logic_error("cannot go on");
#elif SAMPLE == ALLOCATES
        if (bars_ == 50) kept_.push_back(close_);
#elif SAMPLE == SHARES_STATE
        ++shared_bars;
#endif
    }
    bool ready() const { return average_.ready(); }
    double strength() const {
#if SAMPLE == NOT_FINITE
        if (bars_ == 70) return std::numeric_limits<double>::quiet_NaN();
#elif SAMPLE == TOO_STRONG
        if (bars_ == 70) return 1.5;
#elif SAMPLE == SHARES_STATE
        if (ready() && shared_bars % 3 == 0) return 0;
#endif
        if (!ready()) return 0;
        return close_ > average_.value() ? size_ : -size_;
    }

  private:
    sluice::kit::indicators::Sma average_;
    double size_;
    double close_ = 0;
    int bars_ = 0;
#if SAMPLE == THROWS_LATE
    int throws_on_ = 0;
#elif SAMPLE == ALLOCATES
    std::vector<double> kept_;
#endif
};

}  // namespace

#if SAMPLE == OTHER_VERSION || SAMPLE == OTHER_LAYOUT
#define sluice_plugin sluice_plugin_of_this_version
#endif
SLUICE_EXPORT_STRATEGY(Sample)
#if SAMPLE == OTHER_VERSION || SAMPLE == OTHER_LAYOUT
#undef sluice_plugin
extern "C" [[gnu::visibility("default")]] const SluicePlugin* sluice_plugin() noexcept {
    static SluicePlugin other = *sluice_plugin_of_this_version();
#if SAMPLE == OTHER_VERSION
    other.abi_version = sluice::kit::kAbiVersion + 1;
#else
    other.layout_hash ^= 1;
#endif
    return &other;
}
#endif
