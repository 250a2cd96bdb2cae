#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <sluice/research/log_improvement.hpp>

namespace sluice::research {
namespace {

struct Reference {
    double z;
    double log_h;
    double log_cdf;
    double slope;
};

// To 1200 digits from Taylor's series of Phi, rounded.
constexpr Reference kReferences[] = {
    {3.0, 1.09873966532770777268645, -0.0013508099647481937988, 0.3328409684517952355832},
    {0.0, -0.9189385332046727417803, -0.6931471805599453094172, 1.2533141373155002512078},
    {-1.0, -2.4851210257126413367596, -1.8410216450092635057707, 1.9042712333296918229218},
    {-2.5, -6.2125416454435128635151, -5.0816482772786904983804, 3.0984232967911619291622},
    {-3.0, -7.8696860596030285171118, -6.6077262215103495432760, 3.5323375176251605166932},
    {-3.5, -9.7468100377653867369167, -8.3660653083440929349721, 3.9778629562409456329584},
    {-5.0, -16.744301162660990143271, -15.064998393988725736083, 5.3618162412880885297702},
    {-10.0, -55.553122036122355927183, -53.231285150512470578347, 10.194383033412553305590},
    {-20.0, -206.91783850942509785392, -203.91715537109726393680, 20.099262811101281775387},
    {-38.0, -730.19618340211373916149, -726.55721601882013009650, 38.052522760041328294487},
};

TEST(LogImprovement, agrees_with_long_arithmetic) {
    for (const Reference& r : kReferences) {
        const ValueAndSlope h = log_improvement(r.z);
        EXPECT_NEAR(r.log_h, h.value, 2e-13 * std::max(1.0, std::abs(r.log_h))) << r.z;
        EXPECT_NEAR(r.slope, h.slope, 2e-13 * r.slope) << r.z;
        const double cdf = log_normal_cdf(r.z).value;
        EXPECT_NEAR(r.log_cdf, cdf, 2e-13 * std::abs(r.log_cdf)) << r.z;
    }
}

// Far beyond the point at which the expected improvement itself is zero as a double.
TEST(LogImprovement, keeps_value_and_slope_deep_in_the_tail) {
    EXPECT_NEAR(-500014.7344520911584469, log_improvement(-1e3).value, 1e-9);
    EXPECT_NEAR(-500000000028.5499596491, log_improvement(-1e6).value, 1e-3);
    EXPECT_NEAR(1e6, log_improvement(-1e6).slope, 1.0);
    EXPECT_TRUE(std::isfinite(log_improvement(-1e100).value));
}

RC_GTEST_PROP(LogImprovement, rises_with_the_slope_that_it_says, ()) {
    const double z = *rc::gen::inRange(-40'000, 8'000) * 1e-3;
    const double step = 1e-5 * std::max(1.0, std::abs(z));
    const auto numeric = [&](auto f) {
        return (f(z + step).value - f(z - step).value) / (2.0 * step);
    };
    const double h = log_improvement(z).slope;
    RC_ASSERT(h > 0.0);
    RC_ASSERT(std::abs(numeric(log_improvement) - h) < 1e-6 * std::max(1.0, h));
    const double p = log_normal_cdf(z).slope;
    RC_ASSERT(std::abs(numeric(log_normal_cdf) - p) < 1e-6 * std::max(1.0, p));
}

TEST(LogImprovement, joins_its_two_forms_without_a_step) {
    const double above = log_improvement(std::nextafter(-3.0, 0.0)).value;
    EXPECT_NEAR(log_improvement(-3.0).value, above, 1e-13);
}

}  // namespace
}  // namespace sluice::research
