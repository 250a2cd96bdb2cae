#include <sluice/adapters/csv/csv_stream.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

#include <zlib.h>

#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::csv {
namespace {

using pipeline::ImportError;
using pipeline::ImportFault;

constexpr std::string_view kGzipMagic{"\x1F\x8B", 2};
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

// The text of a file, piece by piece.
class CsvStream::Source {
  public:
    Source(std::string_view bytes, const std::string& where)
        : bytes_(bytes), where_(where), compressed_(bytes.starts_with(kGzipMagic)) {
        if (!compressed_) return;
        // 16: a gzip header is expected.
        if (inflateInit2(&stream_, 16 + MAX_WBITS) != Z_OK)
            throw ImportError(ImportFault::kDamaged, where_ + ": no memory to decompress it");
    }
    ~Source() {
        if (compressed_) inflateEnd(&stream_);
    }
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    // Fills `out` as far as it goes; 0 at the end.
    [[nodiscard]] std::size_t read(char* out, std::size_t size) {
        if (compressed_) return inflate_into(out, size);
        const std::size_t n = std::min(size, bytes_.size() - at_);
        if (n != 0) std::memcpy(out, bytes_.data() + at_, n);
        at_ += n;
        return n;
    }
    [[nodiscard]] std::uint64_t consumed() const noexcept { return at_; }

  private:
    static constexpr std::size_t kPiece = std::size_t{1} << 20U;

    [[nodiscard]] std::size_t inflate_into(char* out, std::size_t size);

    std::string_view bytes_;
    const std::string& where_;
    bool compressed_;
    bool member_ended_ = false;
    std::size_t at_ = 0;
    z_stream stream_{};
};

std::size_t CsvStream::Source::inflate_into(char* out, std::size_t size) {
    std::size_t have = 0;
    while (have < size) {
        if (member_ended_) {
            if (at_ == bytes_.size()) break;
            // Members may follow each other; together they are one text.
            inflateReset(&stream_);
            member_ended_ = false;
        }
        const std::size_t piece = std::min(kPiece, bytes_.size() - at_);
        // zlib's own interface is not const; it only reads.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes_.data() + at_));
        stream_.avail_in = static_cast<uInt>(piece);
        stream_.next_out = reinterpret_cast<Bytef*>(out + have);
        stream_.avail_out = static_cast<uInt>(std::min(kPiece, size - have));
        const uInt room = stream_.avail_out;
        const int result = inflate(&stream_, Z_NO_FLUSH);
        at_ += piece - stream_.avail_in;
        have += room - stream_.avail_out;
        member_ended_ = result == Z_STREAM_END;
        const bool stuck = piece == stream_.avail_in && room == stream_.avail_out;
        if (!member_ended_ && (result != Z_OK || stuck))
            throw ImportError(ImportFault::kDamaged,
                              where_ +
                                  ": the compressed data is cut short or corrupt. Fetch the "
                                  "file again; nothing of it was stored.");
    }
    return have;
}

CsvStream::CsvStream(std::string_view bytes, char separator, std::string where, std::size_t window)
    : separator_(separator), where_(std::move(where)), window_(std::max<std::size_t>(window, 16)),
      records_({}, separator) {
    source_ = std::make_unique<Source>(bytes, where_);
    refill(0, 1);
    if (std::string_view(window_.data(), filled_).starts_with(kByteOrderMark)) {
        offset_ = kByteOrderMark.size();
        records_ = CsvRecords({window_.data() + offset_, filled_ - offset_}, separator_, 1);
    }
}

CsvStream::~CsvStream() = default;

std::uint64_t CsvStream::consumed() const noexcept { return source_->consumed(); }

// Keeps the window from `from` on and reads behind it; `line` is the number of its first line.
void CsvStream::refill(std::size_t from, std::uint64_t line) {
    std::memmove(window_.data(), window_.data() + from, filled_ - from);
    filled_ -= from;
    while (!ended_ && filled_ < window_.size()) {
        const std::size_t n = source_->read(window_.data() + filled_, window_.size() - filled_);
        ended_ = n == 0;
        filled_ += n;
    }
    offset_ = 0;
    records_ = CsvRecords({window_.data(), filled_}, separator_, line);
}

bool CsvStream::next() {
    for (;;) {
        const std::size_t before = offset_ + records_.consumed();
        const std::uint64_t line = records_.next_line();
        const bool found = records_.next();
        // A record that touches the end of the window may go on behind it.
        if (ended_ || (found && offset_ + records_.consumed() < filled_)) return found;
        if (before == 0 && filled_ == window_.size())
            throw ImportError(ImportFault::kDamaged, where_ + ": line " + std::to_string(line) +
                                                         ": a record of more than " +
                                                         std::to_string(window_.size()) +
                                                         " bytes. Is a quote left open?");
        refill(before, line);
    }
}

}  // namespace sluice::adapters::csv
