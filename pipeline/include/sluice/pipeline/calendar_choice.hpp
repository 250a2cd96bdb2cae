// Which calendar an instrument trades by, from its symbol and asset class.
#pragma once

#include <string>
#include <vector>

#include <sluice/pipeline/instrument.hpp>

namespace sluice::pipeline {

// Names to look for, the most particular first: "future-cme-ES" and "future-cme" for ESZ13.CME,
// "equity-usa-IBM" and "equity-usa" for IBM, "forex-oanda-EURUSD" and "forex-oanda" for
// EURUSD.OANDA. Any thread; plain text work.
[[nodiscard]] std::vector<std::string> calendar_candidates(const Instrument& instrument);

}  // namespace sluice::pipeline
