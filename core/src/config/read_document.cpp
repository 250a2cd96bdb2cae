#include <sluice/core/config/untyped.hpp>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace sluice::core::config {

Document read_document(const std::filesystem::path& file, std::vector<Diagnostic>& faults) {
    Document document{file.string(), {}};
    const auto refuse = [&](const std::string& reason) {
        faults.push_back({ErrorKind::kUnreadable,
                          {document.name, 0, 0},
                          {},
                          "cannot read the configuration: " + reason});
        document.text.clear();
    };
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored)) {
        refuse("it is a folder; name a file");
        return document;
    }
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        refuse(std::generic_category().message(errno == 0 ? ENOENT : errno));
        return document;
    }
    // One byte more than is accepted, so that the loader sees the file is too large and an endless
    // one ends.
    document.text.resize(kMaxDocumentBytes + 1);
    in.read(document.text.data(), static_cast<std::streamsize>(document.text.size()));
    document.text.resize(static_cast<std::size_t>(in.gcount()));
    if (in.bad()) refuse("it could not be read to its end");
    return document;
}

}  // namespace sluice::core::config
