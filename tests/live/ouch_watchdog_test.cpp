// What an engine shows a watchdog, and what the exchange lets a watchdog do.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sluice/adapters/ouch/watch_page.hpp>

#include "ouch_support.hpp"

namespace sluice::tests::ouch_live {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class Folder {
  public:
    Folder()
        : path_(fs::temp_directory_path() /
                ("sluice-watch-" + std::to_string(::getpid()) + "-" +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
        fs::create_directories(path_);
    }
    ~Folder() { fs::remove_all(path_); }
    [[nodiscard]] fs::path heartbeat() const { return path_ / "heartbeat"; }

  private:
    fs::path path_;
};

TEST(WatchPage, shows_another_process_what_the_engine_wrote) {
    const Folder folder;
    WatchPage engine{folder.heartbeat(), OuchVersion::k42, "SL", 10};
    const WatchPage watchdog{folder.heartbeat()};
    EXPECT_EQ(watchdog.pid(), ::getpid());
    EXPECT_EQ(watchdog.version(), OuchVersion::k42);
    EXPECT_EQ(watchdog.prefix(), "SL");
    EXPECT_EQ(watchdog.beat().load(), 0U) << "it does not run yet";
    EXPECT_THAT(watchdog.open(), IsEmpty());
    engine.beat().store(7);
    EXPECT_EQ(watchdog.beat().load(), 7U);
    EXPECT_FALSE(watchdog.has_ended());
    engine.end();
    EXPECT_TRUE(watchdog.has_ended());
}

TEST(WatchPage, outlives_an_engine_that_does_not_end_and_makes_room_for_the_next) {
    const Folder folder;
    auto first = std::make_unique<WatchPage>(folder.heartbeat(), OuchVersion::k50, "", 10);
    const WatchPage watchdog{folder.heartbeat()};
    const fs::path memory = fs::read_symlink(folder.heartbeat());
    const WatchPage second{folder.heartbeat(), OuchVersion::k50, "", 10};
    EXPECT_FALSE(fs::exists(memory)) << "of an engine that is no more";
    EXPECT_NE(fs::read_symlink(folder.heartbeat()), memory);
    first->beat().store(1);
    EXPECT_EQ(watchdog.beat().load(), 1U) << "who looked at it still can";
    EXPECT_EQ(WatchPage{folder.heartbeat()}.beat().load(), 0U);
}

TEST(WatchPage, is_gone_with_an_engine_that_ends) {
    const Folder folder;
    fs::path memory;
    {
        const WatchPage engine{folder.heartbeat(), OuchVersion::k50, "", 10};
        memory = fs::read_symlink(folder.heartbeat());
    }
    EXPECT_FALSE(fs::exists(memory));
    EXPECT_THROW(WatchPage{folder.heartbeat()}, std::system_error);
}

TEST(WatchPage, refuses_what_is_no_heartbeat) {
    const Folder folder;
    EXPECT_THROW(WatchPage{folder.heartbeat()}, std::system_error) << "nothing there";
    std::ofstream{folder.heartbeat()} << "short";
    EXPECT_THROW(WatchPage{folder.heartbeat()}, std::runtime_error);
    std::ofstream{folder.heartbeat()} << std::string(8192, 'x');
    EXPECT_THROW(WatchPage{folder.heartbeat()}, std::runtime_error);
    fs::remove(folder.heartbeat());
    { const WatchPage engine{folder.heartbeat(), OuchVersion::k50, "", 10}; }
    // More names than the file has room for.
    const std::string magic = "SLUWTCH1";
    std::string head(8192, '\0');
    std::copy(magic.begin(), magic.end(), head.begin());
    head[18] = 1;
    fs::remove(folder.heartbeat());
    std::ofstream{folder.heartbeat()} << head;
    EXPECT_THROW(WatchPage{folder.heartbeat()}, std::runtime_error);
}

// A trader whose session keeps its names in a page, and a watchdog with a connection of its own.
class Watched : public testing::TestWithParam<OuchVersion> {
  protected:
    Watched()
        : page_(folder_.heartbeat(), GetParam(), OuchSessionConfig{}.token_prefix, 64),
          watchdog_(folder_.heartbeat()), server_(exchange_, server_config(), {}),
          session_(link_, session_config(), core::TscClock::from_rate(1e9)),
          soup_(own_link_, soup_config(), core::TscClock::from_rate(1e9)) {
        exchange_.listener = &server_;
        for (Link* link : {&link_, &own_link_})
            link->on_connect = [this](auto stream) { server_.add_connection(std::move(stream)); };
        turns();
        EXPECT_EQ(session_.state(), SessionState::kUp);
        EXPECT_EQ(soup_.state(), SessionState::kUp);
    }
    void turns() {
        for (int i = 0; i < 20; ++i) {
            now_ += 1'000'000;
            for (const Event& e : session_.poll(static_cast<std::uint64_t>(now_)))
                heard_.push_back(said(e));
            soup_.poll(static_cast<std::uint64_t>(now_));
            for (auto m = soup_.next(); !m.empty(); m = soup_.next()) ++heard_by_watchdog_;
            server_.poll(kDayStart + now_);
        }
    }
    void send(const std::string& message) {
        const auto room = soup_.begin(message.size());
        ASSERT_EQ(room.size(), message.size());
        std::copy_n(bytes_of(message).begin(), message.size(), room.begin());
        soup_.send();
        turns();
    }
    [[nodiscard]] std::string cancel(std::uint64_t name) const {
        if (GetParam() == OuchVersion::k50)
            return "X" + u32(static_cast<std::uint32_t>(name)) + u32(0) + u16(0);
        std::string out = "X";
        for (const char c : TokenText{watchdog_.prefix()}.text(name)) out += c;
        return out + u32(0);
    }
    OuchServerConfig server_config() {
        OuchServerConfig config = Pair::server_config(GetParam(), false);
        OuchUser user = config.users.front();
        user.name = "watch";
        user.client = 2;
        user.cancels_for = 1;
        config.users.push_back(user);
        return config;
    }
    OuchSessionConfig session_config() {
        OuchSessionConfig config = Pair::session_config(GetParam());
        config.names = page_.names();
        return config;
    }
    static SoupClientConfig soup_config() {
        SoupClientConfig config;
        config.user = "watch";
        config.password = "secret";
        config.first_sequence = 0;
        return config;
    }

    Folder folder_;
    WatchPage page_;
    WatchPage watchdog_;
    Link link_;
    Link own_link_;
    PuppetExchange exchange_;
    OuchServer server_;
    OuchSession session_;
    SoupClient soup_;
    std::int64_t now_ = kSecondNs;
    std::vector<Said> heard_;
    int heard_by_watchdog_ = 0;
};

TEST_P(Watched, what_may_be_open_is_on_the_page_under_its_latest_name) {
    ASSERT_TRUE(session_.submit(Desk::order(1, Side::kBuy, 100, 10'000 * kCent)));
    ASSERT_EQ(watchdog_.open().size(), 1U) << "before there is an answer: it may have arrived";
    turns();
    ASSERT_TRUE(session_.submit(Desk::order(2, Side::kBuy, 100, 10'000 * kCent)));
    turns();
    const auto both = watchdog_.open();
    ASSERT_EQ(both.size(), 2U);
    ASSERT_TRUE(session_.submit(Desk::replacement(1, Side::kBuy, 100, 10'001 * kCent)));
    turns();
    EXPECT_THAT(watchdog_.open(), ElementsAre(both[1], both[1] + 1));
    ASSERT_TRUE(session_.cancel(static_cast<OrderId>(2), SymbolId{0}));
    turns();
    EXPECT_THAT(watchdog_.open(), ElementsAre(both[1] + 1));
}

TEST_P(Watched, the_watchdog_cancels_the_traders_orders_and_the_trader_hears_of_it) {
    ASSERT_TRUE(session_.submit(Desk::order(1, Side::kBuy, 100, 10'000 * kCent)));
    ASSERT_TRUE(session_.submit(Desk::order(2, Side::kSell, 50, 10'000 * kCent)));
    turns();
    heard_.clear();
    for (const std::uint64_t name : watchdog_.open()) send(cancel(name));
    EXPECT_THAT(heard_, ElementsAre(Said{1, ExecKind::kCancelled, 0, 0},
                                    Said{2, ExecKind::kCancelled, 0, 0}));
    EXPECT_THAT(watchdog_.open(), IsEmpty());
    EXPECT_EQ(heard_by_watchdog_, 0);
    const auto asked = exchange_.requests.size();
    send(cancel(12'345));
    EXPECT_EQ(exchange_.requests.size(), asked) << "a name of no order";
}

TEST_P(Watched, the_watchdog_can_do_nothing_else) {
    const auto asked = exchange_.requests.size();
    const std::string enter = GetParam() == OuchVersion::k42
                                  ? "OSL00000000001B" + u32(100) + "AAPL    " + u32(1'000'000) +
                                        u32(99'998) + "    YPY" + u32(0) + "NR"
                                  : "O" + u32(1) + "B" + u32(100) + "AAPL    " + u64(1'000'000) +
                                        "0YPNN" + std::string(14, 'T') + u16(0);
    const auto before = server_.counts().unsupported;
    send(enter);
    EXPECT_EQ(exchange_.requests.size(), asked);
    EXPECT_EQ(server_.counts().unsupported, before + 1);
}

INSTANTIATE_TEST_SUITE_P(Versions, Watched, testing::Values(OuchVersion::k42, OuchVersion::k50),
                         [](const auto& version) {
                             return version.param == OuchVersion::k42 ? "Ouch42" : "Ouch50";
                         });

TEST(OuchServerWatchdog, needs_somebody_of_its_version_to_cancel_for) {
    PuppetExchange exchange;
    OuchServerConfig config = Pair::server_config(OuchVersion::k42, false);
    config.users.push_back({"watch", "", 2, OuchVersion::k50, false, 1});
    EXPECT_THROW((OuchServer{exchange, config}), std::invalid_argument);
    config.users.back() = {"watch", "", 2, OuchVersion::k42, false, 3};
    EXPECT_THROW((OuchServer{exchange, config}), std::invalid_argument);
    config.users.back() = {"watch", "", 2, OuchVersion::k42, false, 1};
    EXPECT_NO_THROW((OuchServer{exchange, config}));
}

}  // namespace
}  // namespace sluice::tests::ouch_live
