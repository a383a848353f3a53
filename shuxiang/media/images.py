"""Pictures of strangers: looked at before they are loaded, turned upright, and drawn anew as JPEG without any tags."""

import io
import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from shuxiang.media.budget import Budget
from shuxiang.media.problem import Problem

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF", "HEIF")
LONGEST, SHORTEST, QUALITY = 1600, 32, 85
MOST_KEPT = 200 * 1024 * 1024
NO_PICTURE = "文件不是图片，请选择 jpg、png 或 heic 格式的照片。"
DAMAGED = "图片已损坏，请重新选择。"
EMPTY = "文件是空的，请重新选择图片。"


def make(source: Path, target: Path, rules: dict[str, int], budget: Budget) -> dict[str, Any]:
    if not source.stat().st_size:
        raise Problem(EMPTY)
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = None  # our own limits are narrower
    with opened(source) as image:
        check_size(image, rules)
        try:
            drawn = redrawn(image)
        except MemoryError as error:
            size = f"{image.width}×{image.height}"
            raise Problem(f"图片尺寸过大（{size}），无法处理，请缩小后重新选择。") from error
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise Problem(DAMAGED) from error
    write(drawn, target)
    facts = {"width": drawn.width, "height": drawn.height, "notice": ""}
    if rules["small"]:
        drawn.thumbnail((rules["small"], rules["small"]), reducing_gap=2)
        write(drawn, small_of(target))
    return facts


def small_of(target: Path) -> Path:
    """Where the small copy of a picture is written, for lists."""
    return target.with_name(f"{target.name}-small")


def write(drawn: Image.Image, target: Path) -> None:
    content = io.BytesIO()  # given a file, Pillow passes over what found no room in it
    drawn.save(content, "JPEG", quality=QUALITY, optimize=True)
    target.write_bytes(content.getvalue())


def opened(source: Path) -> Image.Image:
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    try:
        return Image.open(source, formats=FORMATS)
    except UnidentifiedImageError as error:
        raise Problem(NO_PICTURE) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Problem(DAMAGED) from error


def check_size(image: Image.Image, rules: dict[str, int]) -> None:
    """By the header alone. A JPEG is decoded at a fraction of its size, so it may have more pixels than others."""
    width, height = image.size
    if max(width, height) > rules["side"]:
        raise Problem(f"图片尺寸过大（{width}×{height} 像素，最长边 {rules['side']} 像素），请缩小后重新选择。")
    smaller = image.format in ("JPEG", "MPO") and kept_whole(image) < MOST_KEPT
    limit = rules["pixels"] if smaller else min(rules["pixels"], rules["whole_pixels"])
    if width * height > limit:
        raise Problem(f"图片尺寸过大（{width}×{height}），超过 {limit // 10_000} 万像素，请缩小后重新选择。")
    if min(width, height) < SHORTEST:
        raise Problem(f"图片尺寸不合要求（{width}×{height} 像素），每边至少 {SHORTEST} 像素。")


def kept_whole(image: Image.Image) -> float:
    """Bytes that a JPEG needs whatever it is decoded to: a progressive one keeps all of its coefficients."""
    layers = getattr(image, "layer", [])
    if not image.info.get("progressive") or not layers:
        return 0
    widest, highest = max(each[1] for each in layers), max(each[2] for each in layers)
    shares = sum(each[1] * each[2] / (widest * highest) for each in layers)
    return 2 * shares * image.width * image.height


def redrawn(image: Image.Image) -> Image.Image:
    """Upright, in RGB, at most LONGEST on its longer side, with nothing but its pixels."""
    image.draft("RGB", (LONGEST, LONGEST))
    image.load()
    if image.mode == "I;16":
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    elif image.mode in ("1", "P"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    image.thumbnail((LONGEST, LONGEST), reducing_gap=2)
    upright = on_white(in_srgb(ImageOps.exif_transpose(image)))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    return clean


def in_srgb(image: Image.Image) -> Image.Image:
    """In the colours that every screen shows, where the picture says in which it was taken."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            taken = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, taken, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            return image
        return converted or image
    return image


def on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        white.alpha_composite(layer)
        return white.convert("RGB")
    return image.convert("RGB")
