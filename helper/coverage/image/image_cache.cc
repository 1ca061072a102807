#include "coverage/image/image_cache.h"

#include "base/error.h"
#include "coverage/image/foreign_image.h"
#include "coverage/image/image_record.h"

namespace gentle {
namespace {

constexpr std::string_view kImage = "image";

ImageCache::Image read(const FileMemory& file) {
  try {
    const ForeignKind foreign = foreign_kind(file);
    if (foreign != ForeignKind::kNone) {
      auto image = read_foreign_image(file, foreign);
      return image ? std::make_shared<const ElfImage>(*std::move(image)) : nullptr;
    }
    auto image = std::make_shared<const ElfImage>(read_elf_image(file));
    const bool matters =
        may_count(*image) || has_function(*image, RuntimeFunction::kLibrariesLoaded);
    return matters ? image : nullptr;
  } catch (const OverBudget&) {
    throw;  // nobody knows what it is
  } catch (const Error&) {
    return nullptr;  // scripts and data are mapped to be executed, too
  }
}

}  // namespace

ImageCache::Image ImageCache::image_of(const FileMemory& file) {
  const std::string version = file.version();
  if (const auto known = known_image(version)) return *known;
  const Image image = images_[version] = read(file);
  notes_.add(version, kImage, image ? image_record(*image) : "");
  return image;
}

std::optional<ImageCache::Image> ImageCache::known_image(const std::string& version) {
  const auto found = images_.find(version);
  if (found != images_.end()) return found->second;
  const auto note = notes_.find(version, kImage);
  if (!note) return std::nullopt;
  if (note->empty()) return images_[version] = nullptr;
  auto image = parse_image_record(*note);
  if (!image) return std::nullopt;
  return images_[version] = std::make_shared<const ElfImage>(*std::move(image));
}

}  // namespace gentle
