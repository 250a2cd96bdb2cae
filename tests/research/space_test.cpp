#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <sluice/research/output_warp.hpp>
#include <sluice/research/space.hpp>
#include <stdexcept>

#include "draws.hpp"

namespace sluice::research {
namespace {

Space mixed_space() {
    return Space{{Parameter::real("a", -2.0, 3.0), Parameter::log_real("b", 1e-4, 10.0),
                  Parameter::integer("c", -3, 4), Parameter::log_integer("d", 1, 1000),
                  Parameter::categorical("e", 3), Parameter::integer("f", 5, 5)}};
}

RC_GTEST_PROP(Space, draws_points_inside_and_finds_them_again, ()) {
    const Space space = mixed_space();
    std::vector<double> cube(space.size());
    // Both ends of the cube among them.
    for (double& u : cube) u = *rc::gen::inRange(0, 1001) * 1e-3;
    const Point point = space.from_cube(cube);
    RC_ASSERT(space.contains(point));
    for (std::size_t i = 0; i < space.size(); ++i) {
        const double back = space.value(i, space.feature(i, point[i]));
        if (space[i].is_discrete())
            RC_ASSERT(back == point[i]);
        else
            RC_ASSERT(std::abs(back - point[i]) <= 1e-12 * std::max(1.0, std::abs(point[i])));
    }
}

RC_GTEST_PROP(Space, brings_any_feature_into_range, (std::uint64_t seed)) {
    const Space space = mixed_space();
    core::Random random{seed, 0, 0};
    Point point(space.size());
    for (std::size_t i = 0; i < point.size(); ++i)
        point[i] = space.value(i, 5.0 * standard_normal(random));
    RC_ASSERT(space.contains(point));
}

TEST(Space, gives_each_level_an_equal_share) {
    const Space space{{Parameter::integer("i", 0, 4), Parameter::categorical("c", 4)}};
    std::map<double, int> integers;
    std::map<double, int> categories;
    for (int k = 0; k < 2000; ++k) {
        const double u = (k + 0.5) / 2000.0;
        const Point p = space.from_cube(std::vector<double>{u, u});
        ++integers[p[0]];
        ++categories[p[1]];
    }
    for (const auto& [value, count] : integers) EXPECT_EQ(400, count) << value;
    for (const auto& [value, count] : categories) EXPECT_EQ(500, count) << value;
}

TEST(Space, draws_a_log_scale_by_ratios) {
    const Space space{{Parameter::log_real("x", 1e-3, 1e3)}};
    EXPECT_NEAR(1.0, space.from_cube(std::vector<double>{0.5})[0], 1e-12);
    EXPECT_NEAR(0.5, space.feature(0, 1.0), 1e-12);
}

TEST(Space, knows_what_lies_outside) {
    const Space space{{Parameter::integer("i", 0, 4), Parameter::real("x", 0.0, 1.0)}};
    EXPECT_TRUE(space.contains({4.0, 1.0}));
    EXPECT_FALSE(space.contains({2.5, 0.5}));
    EXPECT_FALSE(space.contains({5.0, 0.5}));
    EXPECT_FALSE(space.contains({1.0, std::numeric_limits<double>::quiet_NaN()}));
    EXPECT_FALSE(space.contains({1.0}));
}

TEST(Space, refuses_what_cannot_be_searched) {
    const double endless = std::numeric_limits<double>::infinity();
    for (const Parameter& bad :
         {Parameter::real("x", 1.0, 1.0), Parameter::real("x", 0.0, endless),
          Parameter::real("x", std::nan(""), 1.0), Parameter::log_real("x", 0.0, 1.0),
          Parameter::integer("x", 2, 1), Parameter::categorical("x", 0),
          Parameter::real("x", -1e308, 1e308)})
        EXPECT_THROW(Space{{bad}}, std::invalid_argument);
    EXPECT_THROW(Space{{}}, std::invalid_argument);
    EXPECT_THROW((Space{{Parameter::real("x", 0, 1), Parameter::real("x", 0, 1)}}),
                 std::invalid_argument);
}

RC_GTEST_PROP(OutputWarp, rises_and_standardises, (std::uint64_t seed)) {
    core::Random random{seed, 0, 0};
    Eigen::VectorXd values(20);
    for (double& v : values) v = std::exp(3.0 * standard_normal(random));
    const OutputWarp warp{values, OutputWarp::Kind::kYeoJohnson};
    const Eigen::VectorXd warped = warp(values);
    RC_ASSERT(std::abs(warped.mean()) < 1e-9);
    RC_ASSERT(std::abs(warped.squaredNorm() / 20.0 - 1.0) < 1e-9);
    for (Eigen::Index i = 0; i < 20; ++i) {
        for (Eigen::Index j = 0; j < 20; ++j)
            RC_ASSERT(!(values(i) < values(j)) || warped(i) < warped(j));
    }
}

TEST(OutputWarp, bears_values_whose_squares_are_infinite) {
    Eigen::VectorXd values(4);
    values << 1.0, -1e300, 1e300, 5e299;
    for (const auto kind : {OutputWarp::Kind::kStandardise, OutputWarp::Kind::kYeoJohnson}) {
        const Eigen::VectorXd warped = OutputWarp{values, kind}(values);
        EXPECT_TRUE(warped.allFinite());
        EXPECT_LT(warped(1), warped(0));
        EXPECT_LT(warped(3), warped(2));
    }
}

TEST(OutputWarp, bears_equal_values) {
    const OutputWarp warp{Eigen::VectorXd::Constant(5, 3.0), OutputWarp::Kind::kYeoJohnson};
    EXPECT_EQ(0.0, warp(3.0));
}

}  // namespace
}  // namespace sluice::research
