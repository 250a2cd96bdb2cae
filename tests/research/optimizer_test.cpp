#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optimizer_functions.hpp>
#include <sluice/core/random.hpp>
#include <sluice/research/optimizer.hpp>
#include <sluice/research/sobol.hpp>
#include <stdexcept>
#include <string>

namespace sluice::research {
namespace {

Space cube(std::size_t dimensions) {
    std::vector<Parameter> out;
    for (std::size_t i = 0; i < dimensions; ++i)
        out.push_back(Parameter::real("x" + std::to_string(i), 0.0, 1.0));
    return Space{std::move(out)};
}
Space mixed() {
    return Space{{Parameter::real("a", -2.0, 3.0), Parameter::log_real("b", 1e-4, 10.0),
                  Parameter::integer("c", -3, 40), Parameter::categorical("d", 3)}};
}
double bowl(const Point& p) {
    double out = 0.0;
    for (const double x : p) out += (x - 0.3) * (x - 0.3);
    return out;
}

// Asks and tells `count` times; the points.
template <class Function>
std::vector<Point> search(Optimizer& optimizer, std::size_t count, Function&& f) {
    std::vector<Point> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.push_back(optimizer.ask());
        optimizer.tell(out.back(), f(out.back()));
    }
    return out;
}

class EveryMethod : public testing::TestWithParam<std::string> {};

TEST_P(EveryMethod, stays_inside_a_mixed_space) {
    OptimizerOptions options;
    options.seed = 5;
    const auto optimizer = make_optimizer(GetParam(), mixed(), options);
    for (const Point& p : search(*optimizer, 40, bowl)) ASSERT_TRUE(optimizer->space().contains(p));
    EXPECT_TRUE(optimizer->pending().empty());
}

TEST_P(EveryMethod, gives_the_same_trace_for_the_same_seed) {
    OptimizerOptions options;
    options.seed = 9;
    const auto one = make_optimizer(GetParam(), mixed(), options);
    const auto two = make_optimizer(GetParam(), mixed(), options);
    EXPECT_EQ(search(*one, 25, bowl), search(*two, 25, bowl));
    options.seed = 10;
    const auto other = make_optimizer(GetParam(), mixed(), options);
    EXPECT_NE(search(*other, 25, bowl), search(*make_optimizer(GetParam(), mixed(), {}), 25, bowl));
}

TEST_P(EveryMethod, resumes_as_if_it_had_not_been_interrupted) {
    OptimizerOptions options;
    options.seed = 3;
    const auto whole = make_optimizer(GetParam(), mixed(), options);
    search(*whole, 15, bowl);
    const std::vector<Point> pending = whole->ask(2);
    const auto resumed = make_optimizer(GetParam(), mixed(), options);
    resumed->restore(whole->save());
    EXPECT_EQ(whole->save(), resumed->save());
    EXPECT_EQ(pending, resumed->pending());
    EXPECT_EQ(search(*whole, 10, bowl), search(*resumed, 10, bowl));
}

TEST_P(EveryMethod, proposes_nothing_that_is_not_allowed) {
    OptimizerOptions options;
    options.allowed = [](const Point& p) { return p[0] + p[1] < 0.6; };
    const auto optimizer = make_optimizer(GetParam(), cube(2), options);
    for (const Point& p : search(*optimizer, 30, [](const Point& x) { return -x[0] - x[1]; }))
        ASSERT_LT(p[0] + p[1], 0.6);
}

TEST_P(EveryMethod, searches_one_dimension_and_twenty) {
    for (const std::size_t d : {1U, 20U}) {
        const auto optimizer = make_optimizer(GetParam(), cube(d), {});
        for (const Point& p : search(*optimizer, 30, bowl))
            ASSERT_TRUE(optimizer->space().contains(p));
    }
}

TEST_P(EveryMethod, bears_a_constant_objective) {
    const auto optimizer = make_optimizer(GetParam(), cube(2), {});
    EXPECT_EQ(20U, search(*optimizer, 20, [](const Point&) { return 7.0; }).size());
}

TEST_P(EveryMethod, goes_on_when_a_small_space_is_used_up) {
    const auto optimizer = make_optimizer(GetParam(), Space{{Parameter::categorical("c", 3)}}, {});
    for (const Point& p : search(*optimizer, 12, bowl)) ASSERT_LE(p[0], 2.0);
}

INSTANTIATE_TEST_SUITE_P(Methods, EveryMethod, testing::ValuesIn([] {
                             std::vector<std::string> out;
                             for (const Method& m : methods()) out.emplace_back(m.name);
                             return out;
                         }()),
                         [](const auto& method) {
                             std::string name = method.param;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

TEST(Optimizer, refuses_what_it_cannot_learn_from) {
    OptimizerOptions options;
    options.constraints = 1;
    const auto optimizer = make_optimizer("gp", cube(2), options);
    const std::vector<double> held{-1.0};
    for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
        EXPECT_THROW(optimizer->tell({0.5, 0.5}, bad, held), std::invalid_argument);
        EXPECT_THROW(optimizer->tell({0.5, 0.5}, 1.0, std::vector<double>{bad}),
                     std::invalid_argument);
    }
    EXPECT_THROW(optimizer->tell({0.5, 0.5}, 1.0), std::invalid_argument);
    EXPECT_THROW(optimizer->tell({0.5, 1.5}, 1.0, held), std::invalid_argument);
    EXPECT_THROW(optimizer->tell({0.5}, 1.0, held), std::invalid_argument);
    EXPECT_TRUE(optimizer->observations().empty());
    EXPECT_THROW(make_optimizer("annealing", cube(1), {}), std::invalid_argument);
}

TEST(Optimizer, says_when_nothing_is_allowed) {
    OptimizerOptions options;
    options.allowed = [](const Point&) { return false; };
    for (const char* method : {"gp", "sobol", "random"})
        EXPECT_THROW(make_optimizer(method, cube(2), options)->ask(), std::runtime_error);
}

TEST(Optimizer, forgets_a_point_that_is_given_up) {
    const auto optimizer = make_optimizer("gp", cube(2), {});
    const Point point = optimizer->ask();
    optimizer->forget(point);
    EXPECT_TRUE(optimizer->pending().empty());
}

TEST(Optimizer, refuses_damaged_saved_text_and_stays_as_it_was) {
    const auto optimizer = make_optimizer("gp", cube(2), {});
    search(*optimizer, 8, bowl);
    const std::string saved = optimizer->save();
    OptimizerOptions other;
    other.seed = 2;
    EXPECT_THROW(make_optimizer("gp", cube(2), other)->restore(saved), std::invalid_argument);
    EXPECT_THROW(make_optimizer("gp", cube(3), {})->restore(saved), std::invalid_argument);
    EXPECT_THROW(make_optimizer("sobol", cube(2), {})->restore(saved), std::invalid_argument);
    for (std::size_t length = 0; length + 1 < saved.size(); length += 7) {
        // A text that ends between two lines is shorter, not damaged.
        if (length > 0 && saved[length - 1] == '\n') continue;
        EXPECT_THROW(optimizer->restore(std::string_view{saved}.substr(0, length)),
                     std::invalid_argument)
            << length;
    }
    EXPECT_EQ(saved, optimizer->save());
}

// Values that replay the calls alone, without the saved text.
TEST(GpOptimizer, replays_its_history_to_the_same_next_proposal) {
    const auto first = make_optimizer("gp", cube(3), {});
    search(*first, 12, bowl);
    const auto second = make_optimizer("gp", cube(3), {});
    for (const Observation& o : first->observations()) {
        EXPECT_EQ(o.point, second->ask());
        second->tell(o.point, o.value);
    }
    EXPECT_EQ(first->ask(), second->ask());
}

TEST(GpOptimizer, finds_the_least_value_of_a_bowl_and_of_a_mixed_function) {
    const auto optimizer = make_optimizer("gp", cube(2), {});
    search(*optimizer, 25, bowl);
    EXPECT_LT(optimizer->best()->value, 1e-5);

    const auto mixed_one = make_optimizer("gp", mixed(), {});
    search(*mixed_one, 50, [](const Point& p) {
        return std::abs(p[0] - 1.0) + std::abs(std::log(p[1])) + std::abs(p[2] - 7.0) / 10.0 +
               (p[3] == 1.0 ? 0.0 : 1.0);
    });
    EXPECT_EQ(1.0, mixed_one->best()->point[3]);
    EXPECT_LT(mixed_one->best()->value, 0.5);
}

// The least value of x + y where the circle around (0.5, 0.5) allows it.
TEST(GpOptimizer, keeps_to_a_constraint_that_it_has_to_learn) {
    OptimizerOptions options;
    options.constraints = 1;
    const auto optimizer = make_optimizer("gp", cube(2), options);
    for (int i = 0; i < 35; ++i) {
        const Point p = optimizer->ask();
        const std::vector<double> outside{std::hypot(p[0] - 0.5, p[1] - 0.5) - 0.3};
        optimizer->tell(p, p[0] + p[1], outside);
    }
    const auto best = optimizer->best();
    ASSERT_TRUE(best);
    EXPECT_LE(best->constraints[0], 0.0);
    EXPECT_NEAR(1.0 - 0.6 / std::sqrt(2.0), best->value, 0.01);
}

// Whether the fifth to eighth of the first points, which a new start takes, follow one another.
bool began_anew(const std::vector<Point>& asked) {
    Sobol sobol{2, 1};
    sobol.skip(4);
    std::vector<Point> first;
    while (first.size() < 4) first.push_back(cube(2).from_cube(sobol.next()));
    return std::search(asked.begin(), asked.end(), first.begin(), first.end()) != asked.end();
}

TEST(GpOptimizer, begins_anew_when_it_has_reached_the_ground_of_a_valley) {
    OptimizerOptions options;
    options.seed = 1;
    const auto optimizer = make_optimizer("gp", cube(2), options);
    EXPECT_TRUE(began_anew(search(*optimizer, 50, bowl)));
    EXPECT_LT(optimizer->best()->value, 1e-4);

    const auto resumed = make_optimizer("gp", cube(2), options);
    resumed->restore(optimizer->save());
    EXPECT_EQ(search(*optimizer, 5, bowl), search(*resumed, 5, bowl));
}

TEST(GpOptimizer, does_not_take_noise_for_ground) {
    OptimizerOptions options;
    options.seed = 1;
    const auto optimizer = make_optimizer("gp", cube(2), options);
    core::Random noise{7, 0, 0};
    const auto noisy = [&](const Point& p) { return bowl(p) + 0.1 * noise.uniform(); };
    EXPECT_FALSE(began_anew(search(*optimizer, 50, noisy)));
}

// As where most sets trade nothing: the search goes on with what it knows of the others.
TEST(GpOptimizer, does_not_take_a_plain_for_ground) {
    OptimizerOptions options;
    options.seed = 1;
    const auto optimizer = make_optimizer("gp", cube(2), options);
    const auto mesa = [](const Point& p) { return std::max(bowl(p), 0.3); };
    EXPECT_FALSE(began_anew(search(*optimizer, 50, mesa)));
}

TEST(GpOptimizer, spreads_a_batch_and_takes_its_values_in_any_order) {
    const auto optimizer = make_optimizer("gp", cube(2), {});
    search(*optimizer, 8, bowl);
    std::vector<Point> batch = optimizer->ask(4);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j)
            EXPECT_GT(std::hypot(batch[i][0] - batch[j][0], batch[i][1] - batch[j][1]), 1e-6);
    }
    std::reverse(batch.begin(), batch.end());
    for (const Point& p : batch) optimizer->tell(p, bowl(p));
    EXPECT_TRUE(optimizer->pending().empty());
}

TEST(GpOptimizer, begins_from_an_earlier_run) {
    const auto earlier = make_optimizer("sobol", cube(2), {});
    search(*earlier, 30, bowl);
    const auto optimizer = make_optimizer("gp", cube(2), {});
    for (const Observation& o : earlier->observations()) optimizer->tell(o.point, o.value);
    search(*optimizer, 5, bowl);
    EXPECT_LT(optimizer->best()->value, 1e-3);
}

TEST(GpOptimizer, bears_equal_points_and_huge_values) {
    const auto optimizer = make_optimizer("gp", cube(2), {});
    for (int i = 0; i < 10; ++i) optimizer->tell({0.5, 0.5}, 1.0);
    optimizer->tell({0.1, 0.9}, 1e300);
    optimizer->tell({0.2, 0.3}, -1e300);
    for (int i = 0; i < 5; ++i) {
        const Point p = optimizer->ask();
        EXPECT_TRUE(optimizer->space().contains(p));
        optimizer->tell(p, bowl(p));
    }
}

TEST(TestFunctions, have_the_minima_that_are_stated) {
    const auto& f = bench::kTestFunctions;
    EXPECT_NEAR(f[0].minimum,
                bench::true_value(f[0], {(3.14159265358979 + 5.0) / 15.0, 2.275 / 15.0}), 1e-9);
    EXPECT_NEAR(f[1].minimum, bench::true_value(f[1], {0.114614, 0.555649, 0.852547}), 1e-6);
    EXPECT_NEAR(f[2].minimum,
                bench::true_value(f[2], {0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573}),
                1e-6);
    EXPECT_NEAR(0.0, bench::true_value(f[3], Point(5, 1.0 / 3.0)), 1e-9);
    EXPECT_NEAR(0.0, bench::true_value(f[4], Point(4, 0.55)), 1e-12);
    EXPECT_NEAR(f[6].minimum, bench::true_value(f[6], {2.0, 1.0, 0.476874, 1.0, 0.311652, 0.6573}),
                1e-3);
}

}  // namespace
}  // namespace sluice::research
