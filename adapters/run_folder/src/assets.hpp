// The files under assets/ and dygraphs, as they were at build time. Private to the library.
#pragma once

#include <string_view>

namespace sluice::adapters::run_folder::assets {

std::string_view report_html() noexcept;
std::string_view search_html() noexcept;
std::string_view report_css() noexcept;
std::string_view format_js() noexcept;
std::string_view tables_js() noexcept;
std::string_view time_axis_js() noexcept;
std::string_view charts_js() noexcept;
std::string_view dygraphs_licence() noexcept;
std::string_view dygraphs_js() noexcept;
std::string_view dygraphs_css() noexcept;

}  // namespace sluice::adapters::run_folder::assets
