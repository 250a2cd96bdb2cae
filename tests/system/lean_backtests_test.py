"""What LEAN published of its own backtests comes out of `sluice backtest`, with the configurations of
docs/examples/lean. Skips where SLUICE_DATA is not there."""

import csv
import datetime
import decimal
import json
import os
import pathlib
import statistics
import sys

import support

Decimal = decimal.Decimal
EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "examples" / "lean"
PUBLISHED = "reference/lean_expected_backtests.json"
EQUITIES = "lean/equity/usa"


def data_folder():
    """Where the data are, or nothing."""
    beside = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = pathlib.Path(os.environ.get("SLUICE_DATA") or beside)
    return folder if (folder / PUBLISHED).is_file() else None


def published(name):
    with open(data_folder() / PUBLISHED, encoding="utf-8") as file:
        for row in json.load(file)["backtests"]:
            if row["name"] == name:
                return row["expected_statistics"]
    raise KeyError(name)


def cents(text):
    return Decimal(text).quantize(Decimal("0.01"), decimal.ROUND_HALF_UP)


class PublishedBacktests(support.SystemTest):
    def backtest(self, example, data, first, last):
        self.sluice("import", "lean", data_folder() / EQUITIES / data,
                    data_folder() / EQUITIES / "factor_files", "--store", "store")
        return self.sluice("backtest", "--store", "store", "--symbols", "SPY", "--from", first,
                           "--to", last, "--config", EXAMPLES / example, "--fills", "expected",
                           "--benchmark", "SPY", "--out", "runs", "--json").json()

    def rows(self, summary, table):
        with open(self.folder / summary["folder"] / table, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def fills(self, summary):
        return self.rows(summary, "fills.csv")

    def assert_as_published(self, summary, name):
        expected = published(name)
        self.assertEqual(Decimal(expected["End Equity"]), cents(summary["books"]["equity"]))
        self.assertEqual(Decimal(expected["Total Fees"].lstrip("$")),
                         cents(summary["books"]["commission"]))

    def test_a_position_held_over_minutes_ends_with_the_published_equity_and_fees(self):
        summary = self.backtest("buy_and_hold_minute.toml", "minute/spy", "2013-10-07",
                                "2013-10-12")
        self.assert_as_published(summary, "BasicTemplateAlgorithm")
        # At the ask of the 09:30 bar, 167.45 as traded, times the factor of the day.
        self.assertEqual([("688", Decimal("167.45") * Decimal("0.8646266"))],
                         [(f["quantity"], Decimal(f["price"])) for f in self.fills(summary)])

    def test_a_position_held_over_hours_ends_with_the_published_equity_and_fees(self):
        summary = self.backtest("buy_and_hold_hour.toml", "hour/spy.zip", "2013-10-07",
                                "2013-10-12")
        self.assert_as_published(summary, "BasicTemplateHourlyAlgorithm")
        self.assertEqual(["687"], [f["quantity"] for f in self.fills(summary)])

    def test_a_position_held_over_days_ends_with_the_published_equity_and_fees(self):
        summary = self.backtest("buy_and_hold_day.toml", "daily/spy.zip", "2013-10-08",
                                "2013-10-18")
        self.assert_as_published(summary, "BasicTemplateDailyAlgorithm")
        self.assertEqual(["697"], [f["quantity"] for f in self.fills(summary)])
        # Once it is bought, it is the benchmark by the share that is held.
        rows = self.rows(summary, "returns.csv")
        self.assertEqual(8, len(rows))
        for before, row in zip(rows[1:], rows[2:]):
            held = float(before["held"]) / float(before["equity"])
            self.assertAlmostEqual(held * float(row["benchmark_return"]), float(row["return"]),
                                   places=12)

    def test_eleven_years_of_a_macd_end_with_the_published_equity_and_fees(self):
        summary = self.backtest("macd_trend_day.toml", "daily/spy.zip", "2004-01-01",
                                "2015-01-01")
        self.assert_as_published(summary, "MACDTrendAlgorithm")
        performance = summary["performance"]
        # Published with one to three decimals. The 85th of LEAN's orders has no part in its fees.
        self.assertEqual(84, summary["fills"])
        self.assertEqual(42, performance["trades"]["trades"])
        self.assertAlmostEqual(-0.349, performance["returns"]["max_drawdown"], delta=0.0005)
        self.assertAlmostEqual(0.57, performance["trades"]["win_rate"], delta=0.005)
        self.assertAlmostEqual(0.411, performance["benchmark"]["beta"], delta=0.0005)
        # LEAN has a return for every day of the calendar, and 252 of those a year.
        returns = [float(row["return"]) for row in self.rows(summary, "returns.csv")]
        days = (datetime.date(2015, 1, 1) - datetime.date(2004, 1, 1)).days
        calendar = returns + [0.0] * (days - len(returns))
        self.assertAlmostEqual(0.103, statistics.stdev(calendar) * 252 ** 0.5, delta=0.0005)
        self.assertAlmostEqual(statistics.stdev(returns) * 252 ** 0.5,
                               performance["returns"]["annual_volatility"], places=9)


if __name__ == "__main__":
    if data_folder() is None:
        print("no recorded market data: set SLUICE_DATA to their folder")
        sys.exit(support.SKIPPED)
    support.main()
