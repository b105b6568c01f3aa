"""What people and attackers upload: each file with what becomes of it."""

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from portal.papers.kinds import Kind
from portal.papers.paper import LARGEST_FILE
from portal.papers.refusals import Reason
from tests.papers.documents import (
    a_field,
    a_file,
    a_loop,
    a_pdf,
    a_zip,
    an_action,
    annotated,
    hidden,
    javascript,
    nested,
    of_page,
    of_root,
    packed_bomb,
    with_file,
    zip_around,
    zip_before_the_end,
)
from tests.papers.pictures import (
    HTML,
    WORD,
    XMP,
    a_picture,
    an_exif,
    bomb,
    chunk,
    grey_of_sixteen_bits,
    on_fire,
    profile,
    raw_png,
    saved,
    sixteen_bits,
    turned,
    with_chunk,
    with_segment,
    with_size,
    with_texts,
)

Fate = Kind | Reason
JPEG, PNG, PDF = Kind.JPEG, Kind.PNG, Kind.PDF


@dataclass(frozen=True)
class Upload:
    about: str
    build: Callable[[], bytes]
    fate: Fate
    name: str = "scan.jpg"

    def __str__(self) -> str:
        return self.about.replace(" ", "-")


def png(mode: str = "RGB", **how: object) -> bytes:
    return saved(a_picture(mode), "PNG", **how)


def webp(mode: str = "RGB", **how: object) -> bytes:
    return saved(a_picture(mode), "WEBP", **how)


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def noise(length: int) -> bytes:
    return random.Random(1).randbytes(length)


def locked(**how: Any) -> bytes:
    if how.get("R", 6) < 4:
        how |= {"aes": False, "metadata": False}
    return a_pdf(encryption=pikepdf.Encryption(**how))


#: Pictures that are taken, and of which nothing but the picture may be left.
PICTURES = (
    Upload("jpeg", saved, JPEG),
    Upload("progressive jpeg", lambda: saved(progressive=True), JPEG),
    Upload("grey jpeg", lambda: saved(a_picture("L")), JPEG),
    Upload("cmyk jpeg", lambda: saved(a_picture("CMYK"), quality=95), JPEG),
    Upload("jpeg with exif, gps and names", lambda: saved(exif=an_exif()), JPEG),
    *(Upload(f"jpeg turned by exif {n}", partial(turned, n), JPEG) for n in range(2, 9)),
    Upload("jpeg with an orientation that is none", lambda: saved(exif=an_exif(99)), JPEG),
    Upload("jpeg with broken exif", lambda: with_segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff" + WORD), JPEG),
    Upload("jpeg with exif that ends early", lambda: with_segment(0xE1, b"Exif\0\0MM"), JPEG),
    Upload("jpeg with xmp", lambda: saved(xmp=XMP), JPEG),
    Upload("jpeg with a profile", lambda: saved(icc_profile=profile()), JPEG),
    Upload("jpeg with a broken profile", lambda: saved(icc_profile=WORD * 20), JPEG),
    Upload("jpeg with a comment", lambda: saved(comment=WORD), JPEG),
    Upload("jpeg with iptc", lambda: with_segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x20" + WORD), JPEG),
    Upload("jpeg with a page of html as its comment", lambda: with_segment(0xFE, HTML), JPEG),
    Upload("jpeg with a pdf as its comment", lambda: with_segment(0xFE, a_pdf()), JPEG),
    Upload("jpeg with a thousand comments", lambda: _many_comments(1_000), JPEG),
    Upload("jpeg with a second picture", lambda: on_fire("MPO"), JPEG),
    Upload("jpeg and zip", lambda: saved() + a_zip(), JPEG),
    Upload("jpeg and html", lambda: saved() + HTML, JPEG),
    Upload("jpeg and pdf", lambda: saved() + a_pdf(), JPEG),
    Upload("jpeg and php", lambda: saved() + b"<?php system('id'); # " + WORD, JPEG),
    Upload("jpeg of fewer rows than it says", lambda: with_size(saved(), 5_000, 5_000), JPEG),
    Upload("jpeg called png", saved, JPEG, "scan.png"),
    Upload("jpeg called exe", saved, JPEG, "scan.exe"),
    Upload("jpeg called pdf", saved, JPEG, "answer.pdf"),
    Upload("jpeg called svg", saved, JPEG, "a.svg"),
    Upload("jpeg of one pixel", lambda: saved(a_picture(size=(1, 1))), JPEG),
    Upload("jpeg of one row", lambda: saved(a_picture(size=(9_000, 1))), JPEG),
    Upload("jpeg as large as may be", lambda: saved() + bytes(LARGEST_FILE - len(saved())), JPEG),
    Upload("png", png, PNG, "scan.png"),
    Upload("png with texts", with_texts, PNG),
    Upload("png with exif", lambda: png(exif=an_exif()), PNG),
    Upload("png with a profile", lambda: png(icc_profile=profile()), PNG),
    Upload("png with a chunk of its own", lambda: with_chunk(b"plAn", WORD), PNG),
    Upload(
        "png with a date and a scale", lambda: with_chunk(b"tIME", b"\x07\xea\x0b\x1a\1\1\1", png(dpi=(72, 72))), PNG
    ),
    Upload("png of sixteen bits", sixteen_bits, PNG),
    Upload("grey png of sixteen bits", grey_of_sixteen_bits, PNG),
    Upload("png of a palette", lambda: png("P"), PNG),
    Upload("png of a palette with a transparent colour", lambda: png("P", transparency=0), PNG),
    Upload("png with transparency", lambda: png("RGBA"), PNG),
    Upload("grey png with transparency", lambda: png("LA"), PNG),
    Upload("grey png with a transparent shade", lambda: png("L", transparency=76), PNG),
    Upload("png with a transparent colour", lambda: png(transparency=(255, 0, 0)), PNG),
    Upload("png of one bit", lambda: png("1"), PNG),
    Upload("animated png", lambda: on_fire("PNG"), PNG),
    Upload("png and zip", lambda: png() + a_zip(), PNG),
    Upload("png and html", lambda: png() + HTML, PNG),
    Upload("png with text behind its end", lambda: png() + chunk(b"tEXt", b"a\0" + WORD), PNG),
    Upload("png called jpg", png, PNG),
    Upload("png of much nothing", lambda: raw_png(7_000, 7_000, data=bomb(148_000_000)), PNG),
    Upload("png with more data than its size", lambda: raw_png(100, 100, data=bomb(50_000_000)), PNG),
    Upload("webp", webp, JPEG, "scan.webp"),
    Upload("lossless webp", lambda: webp(lossless=True), JPEG),
    Upload("webp with transparency", lambda: webp("RGBA"), JPEG),
    Upload("animated webp", lambda: on_fire("WEBP"), JPEG),
    Upload("webp with xmp", lambda: webp(xmp=XMP), JPEG),
    Upload("webp with exif", lambda: webp(exif=an_exif()), JPEG),
    Upload("webp with a profile", lambda: webp(icc_profile=profile()), JPEG),
    Upload("webp and zip", lambda: webp() + a_zip(), JPEG),
    Upload("webp called gif", webp, JPEG, "scan.gif"),
)

#: Pictures that are not taken.
BAD_PICTURES = (
    Upload("half a jpeg", lambda: half(saved(quality=95)), Reason.BROKEN_PICTURE),
    Upload("the beginning of a jpeg", lambda: saved()[:3], Reason.BROKEN_PICTURE),
    Upload("jpeg of noise", lambda: saved()[:20] + noise(5_000), Reason.BROKEN_PICTURE),
    Upload("jpeg of nothing", lambda: b"\xff\xd8\xff" + bytes(5_000), Reason.BROKEN_PICTURE),
    Upload("jpeg without size", lambda: with_size(saved(), 0, 0), Reason.BROKEN_PICTURE),
    Upload("jpeg of four gigapixels", lambda: with_size(saved(), 65_535, 65_535), Reason.HUGE_PICTURE),
    Upload("script that begins as a jpeg", lambda: b"\xff\xd8\xff=1;" + HTML, Reason.BROKEN_PICTURE),
    Upload("half a png", lambda: half(sixteen_bits()), Reason.BROKEN_PICTURE),
    Upload("the beginning of a png", lambda: png()[:8], Reason.BROKEN_PICTURE),
    Upload("png with a wrong sum", lambda: png().replace(b"IDAT", b"IDAT\1"), Reason.BROKEN_PICTURE),
    Upload("png without size", lambda: raw_png(0, 0), Reason.BROKEN_PICTURE),
    Upload("png of 3.6 gigapixels", lambda: raw_png(60_000, 60_000, data=bomb(1_000_000)), Reason.HUGE_PICTURE),
    Upload("png of the largest numbers", lambda: raw_png(2**31 - 1, 2**31 - 1), Reason.HUGE_PICTURE),
    Upload("png one pixel too large", lambda: raw_png(51_000_001, 1), Reason.HUGE_PICTURE),
    Upload("png with a bomb as its text", lambda: _text_bomb(b"zTXt", b"a\0\0"), Reason.BROKEN_PICTURE),
    Upload("png with a bomb as its title", lambda: _text_bomb(b"iTXt", b"a\0\1\0\0\0"), Reason.BROKEN_PICTURE),
    Upload("png with a bomb as its profile", lambda: _text_bomb(b"iCCP", b"a\0\0"), Reason.BROKEN_PICTURE),
    Upload("png of noise", lambda: raw_png(100, 100, data=noise(5_000)), Reason.BROKEN_PICTURE),
    Upload("half a webp", lambda: half(webp(lossless=True)), Reason.BROKEN_PICTURE),
    Upload("the beginning of a webp", lambda: webp()[:12], Reason.BROKEN_PICTURE),
    Upload(
        "webp of 52 megapixels", lambda: saved(a_picture(size=(8_000, 6_500)), "WEBP", method=0), Reason.HUGE_PICTURE
    ),
    Upload("webp of noise", lambda: webp()[:16] + noise(5_000), Reason.BROKEN_PICTURE),
)

#: What is neither picture nor PDF, whatever it is called.
FOREIGN = (
    Upload("nothing", lambda: b"", Reason.EMPTY),
    Upload("one byte more than may be", lambda: saved() + bytes(LARGEST_FILE + 1 - len(saved())), Reason.TOO_LARGE),
    Upload("pdf larger than may be", lambda: a_pdf() + bytes(LARGEST_FILE), Reason.TOO_LARGE, "a.pdf"),
    Upload("svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", Reason.FOREIGN, "a.svg"),
    Upload("svg called png", lambda: b"<?xml version='1.0'?><svg onload='alert(1)'/>", Reason.FOREIGN, "a.png"),
    Upload("html called jpg", lambda: HTML, Reason.FOREIGN),
    Upload("html of utf-16", lambda: HTML.decode().encode("utf-16"), Reason.FOREIGN),
    Upload("mail", lambda: b"From: a@example.org\r\n\r\nDear", Reason.FOREIGN, "answer.eml"),
    Upload("mail of outlook", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Reason.FOREIGN, "answer.msg"),
    Upload("words", lambda: "Grüße aus Wien".encode(), Reason.FOREIGN, "letter.txt"),
    Upload("word document", a_zip, Reason.FOREIGN, "answer.docx"),
    Upload("zip called pdf", a_zip, Reason.FOREIGN, "answer.pdf"),
    Upload("gzip", lambda: gzip.compress(saved()), Reason.FOREIGN, "a.jpg.gz"),
    Upload("rtf", lambda: rb"{\rtf1 Hello}", Reason.FOREIGN, "answer.rtf"),
    Upload("gif", lambda: saved(a_picture("P"), "GIF"), Reason.FOREIGN, "a.gif"),
    Upload("animated gif called jpg", lambda: on_fire("GIF"), Reason.FOREIGN),
    Upload("tiff", lambda: saved(format_="TIFF"), Reason.FOREIGN, "fax.tif"),
    Upload("bmp", lambda: saved(format_="BMP"), Reason.FOREIGN, "a.bmp"),
    Upload("icon", lambda: saved(format_="ICO"), Reason.FOREIGN, "a.ico"),
    Upload("jpeg 2000", lambda: saved(format_="JPEG2000"), Reason.FOREIGN, "a.jp2"),
    Upload("postscript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", Reason.FOREIGN, "a.eps"),
    Upload("heic", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + noise(900), Reason.PHONE_PICTURE, "IMG_1.HEIC"),
    Upload("heic called jpg", lambda: b"\0\0\0\x18ftypmif1\0\0\0\0" + noise(900), Reason.PHONE_PICTURE),
    Upload("avif", lambda: saved(format_="AVIF"), Reason.PHONE_PICTURE, "a.avif"),
    Upload("film", lambda: b"\0\0\0\x18ftypmp42" + noise(900), Reason.FOREIGN, "a.mp4"),
    Upload("program of windows", lambda: b"MZ" + noise(900), Reason.FOREIGN, "scan.jpg.exe"),
    Upload("program of linux", lambda: b"\x7fELF" + noise(900), Reason.FOREIGN, "scan"),
    Upload("script", lambda: b"#!/bin/sh\nrm -rf /\n", Reason.FOREIGN, "scan.pdf"),
    Upload("noise", lambda: noise(5_000), Reason.FOREIGN),
    Upload("zeros", lambda: bytes(5_000), Reason.FOREIGN),
    Upload("php with a jpeg in it", lambda: b"<?php ?>" + saved(), Reason.FOREIGN),
    Upload("riff that is no webp", lambda: b"RIFF\x24\0\0\0WAVEfmt " + bytes(900), Reason.FOREIGN, "a.webp"),
)

#: PDFs that are kept as they are.
DOCUMENTS = (
    Upload("pdf", a_pdf, PDF, "answer.pdf"),
    Upload("pdf called jpg", a_pdf, PDF, "answer.jpg"),
    Upload("pdf of 200 pages", lambda: a_pdf(pages=200), PDF),
    Upload("pdf with packed objects", lambda: a_pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate), PDF),
    Upload("linearized pdf", lambda: a_pdf(linearize=True), PDF),
    Upload("pdf of version 2.0", lambda: a_pdf(force_version="2.0"), PDF),
    Upload("pdf that may not be printed", lambda: locked(owner="x", user=""), PDF),
    *(
        Upload(f"pdf that may not be printed, by revision {n}", partial(locked, owner="x", user="", R=n), PDF)
        for n in (2, 3, 4)
    ),
    Upload("pdf with a link", lambda: a_pdf(annotated(A=Dictionary(S=Name.URI, URI=String("https://a.org")))), PDF),
    Upload("pdf with a field", lambda: a_pdf(a_field(FT=Name.Tx, T=String("name"))), PDF),
    Upload("pdf with a colour that blends as a screen", lambda: a_pdf(of_page("/Blend", _screen)), PDF),
    Upload("pdf with a mark before it", lambda: b"\xef\xbb\xbf" + a_pdf(), PDF),
    Upload("pdf with an empty line before it", lambda: b"\r\n" + a_pdf(), PDF),
    Upload("pdf with empty lines behind it", lambda: a_pdf() + b"\r\n\r\n\0\0", PDF),
)

#: PDFs that are not taken.
BAD_DOCUMENTS = (
    Upload("pdf of 201 pages", lambda: a_pdf(pages=201), Reason.LONG_PDF),
    Upload("pdf without pages", lambda: a_pdf(pages=0), Reason.BROKEN_PDF),
    Upload("pdf with a password", lambda: locked(owner="x", user="y"), Reason.LOCKED_PDF),
    Upload("pdf with a weak password", lambda: locked(owner="x", user="y", R=2), Reason.LOCKED_PDF),
    Upload("javascript when it opens", lambda: a_pdf(of_root("/OpenAction", javascript)), Reason.ACTIVE_PDF),
    Upload("javascript by name", lambda: a_pdf(of_root("/Names", _named_script)), Reason.ACTIVE_PDF),
    Upload(
        "javascript of a page", lambda: a_pdf(of_page("/AA", lambda _: Dictionary(O=javascript()))), Reason.ACTIVE_PDF
    ),
    Upload("javascript of a button", lambda: a_pdf(annotated(A=javascript())), Reason.ACTIVE_PDF),
    Upload("javascript of a field", lambda: a_pdf(a_field(AA=Dictionary(K=javascript()))), Reason.ACTIVE_PDF),
    Upload("javascript in a stream", lambda: a_pdf(of_root("/OpenAction", _script_stream)), Reason.ACTIVE_PDF),
    Upload("javascript among packed objects", lambda: _packed_script(), Reason.ACTIVE_PDF),
    Upload("javascript spelt otherwise", lambda: _respelt(), Reason.ACTIVE_PDF),
    Upload("javascript behind an empty password", lambda: _locked_script(), Reason.ACTIVE_PDF),
    Upload("javascript after something harmless", lambda: a_pdf(_second_action), Reason.ACTIVE_PDF),
    Upload("launch that nothing leads to", lambda: a_pdf(hidden), Reason.ACTIVE_PDF),
    Upload("launch", lambda: a_pdf(an_action("/Launch", F=String("cmd.exe"))), Reason.ACTIVE_PDF),
    Upload(
        "form that sends itself", lambda: a_pdf(an_action("/SubmitForm", F=String("http://a"))), Reason.ACTIVE_PDF
    ),
    Upload("form that reads a file", lambda: a_pdf(an_action("/ImportData", F=String("x"))), Reason.ACTIVE_PDF),
    Upload("link to a shared folder", lambda: a_pdf(an_action("/GoToR", F=String(r"\\a\b"))), Reason.ACTIVE_PDF),
    Upload("link into a file inside", lambda: a_pdf(an_action("/GoToE", F=String("x"))), Reason.ACTIVE_PDF),
    Upload(
        "form of xml", lambda: a_pdf(of_root("/AcroForm", lambda _: Dictionary(XFA=String("x")))), Reason.ACTIVE_PDF
    ),
    Upload("pdf with a file inside", lambda: a_pdf(with_file), Reason.FULL_PDF),
    Upload("pdf with a file as a note", lambda: a_pdf(annotated(Subtype=Name.FileAttachment)), Reason.FULL_PDF),
    Upload(
        "pdf with a file beside", lambda: a_pdf(of_root("/AF", lambda pdf: Array([a_file(pdf)]))), Reason.FULL_PDF
    ),
    Upload("cover of a collection", lambda: a_pdf(of_root("/Collection", lambda _: Dictionary())), Reason.FULL_PDF),
    Upload("pdf with a film", lambda: a_pdf(annotated(Subtype=Name.RichMedia)), Reason.FULL_PDF),
    Upload("pdf with an old film", lambda: a_pdf(annotated(Subtype=Name.Movie)), Reason.FULL_PDF),
    Upload("pdf with a sound", lambda: a_pdf(annotated(Subtype=Name.Sound)), Reason.FULL_PDF),
    Upload("gif and pdf", lambda: b"GIF89a" + a_pdf(), Reason.MIXED_PDF, "a.gif"),
    Upload("html and pdf", lambda: HTML + a_pdf(), Reason.MIXED_PDF, "a.html"),
    Upload("zip that holds a pdf", lambda: zip_around(a_pdf()), Reason.MIXED_PDF, "a.zip"),
    Upload("pdf and zip", lambda: a_pdf() + a_zip(), Reason.MIXED_PDF),
    Upload("pdf with a zip before its end", lambda: zip_before_the_end(a_pdf()), Reason.MIXED_PDF),
    Upload("pdf and html", lambda: a_pdf() + HTML, Reason.MIXED_PDF),
    Upload("pdf and jpeg", lambda: a_pdf() + saved(), Reason.MIXED_PDF),
    Upload("pdf that is a page of html", lambda: a_pdf().replace(b"\n", b"\n%" + HTML + b"\n", 1), Reason.MIXED_PDF),
    Upload("pdf that is an archive", lambda: b"%PDF-1.7\n".ljust(257) + b"ustar" + a_pdf(), Reason.MIXED_PDF),
    Upload("half a pdf", lambda: half(a_pdf(pages=9)), Reason.BROKEN_PDF),
    Upload("header of a pdf", lambda: b"%PDF-1.7", Reason.BROKEN_PDF),
    Upload("header and end of a pdf", lambda: b"%PDF-1.7\n%%EOF", Reason.BROKEN_PDF),
    Upload("pdf of noise", lambda: b"%PDF-1.7\n" + noise(5_000) + b"%%EOF", Reason.BROKEN_PDF),
    Upload("pdf with a wrong table", lambda: a_pdf().replace(b"startxref\n", b"startxref\n9"), Reason.BROKEN_PDF),
    Upload("pdf whose pages are its pages", lambda: a_pdf(a_loop), Reason.BROKEN_PDF),
    Upload("pdf nested deep", lambda: nested(100_000), Reason.BROKEN_PDF),
    Upload("pdf with a bomb", lambda: packed_bomb(1_500_000_000), Reason.BROKEN_PDF),
)

UPLOADS = PICTURES + BAD_PICTURES + FOREIGN + DOCUMENTS + BAD_DOCUMENTS

#: Names that somebody thought out, each for a file that is taken.
NAMES = (
    "../../../../etc/passwd", r"..\..\windows\system32\x.jpg", "/etc/shadow",
    r"C:\Users\Anna Gruber\scan.jpg", "~/x.jpg",
    "", ".", "..", "...", " ", "/", "\\", ".jpg", ".htaccess", "scan", "scan.", "scan .jpg", " scan.jpg ",
    "scan\0.jpg", "scan.jpg\0.exe", "scan\r\nSet-Cookie: a=b.jpg", "scan\u202egpj.exe",
    "\u2066scan\u2069.jpg",
    "\u200bscan\ufeff.jpg", "x" * 5_000, "x" * 5_000 + ".jpg",
    "é" * 5_000, "e\u0301" * 5_000, "\U0001f600" * 200,
    "CON", "con.jpg", "PRN.txt", "aux.", "NUL", "COM1.jpg", "LPT9", "CONIN$", "com¹.jpg", "a.jpg.exe",
    "a.tar.gz", "scan.php.jpg",
    "<script>alert(1)</script>.jpg", "\"; rm -rf / #.jpg", "a:b.jpg", "a*?.jpg", "%2e%2e%2f.jpg",
    "%00.jpg", "\ud800.jpg",
    "Schreiben Dr. Müller 12.3.2026.pdf", "ответ.pdf", "απάντηση", "رد.pdf", "回答.jpeg", "a\u2028b.jpg",
    "\ue000\uffff.jpg",
)  # fmt: skip


def _many_comments(number: int) -> bytes:
    jpeg = saved()
    comment = b"\xff\xfe" + (len(WORD) + 2).to_bytes(2, "big") + WORD
    return jpeg[:2] + number * comment + jpeg[2:]


def _text_bomb(kind: bytes, head: bytes) -> bytes:
    return with_chunk(kind, head + bomb(200_000_000))


def _locked_script() -> bytes:
    return a_pdf(of_root("/OpenAction", javascript), encryption=pikepdf.Encryption(owner="x", user=""))


def _screen(_: object) -> Dictionary:
    return Dictionary(Type=Name.ExtGState, BM=Name.Screen)


def _named_script(pdf: pikepdf.Pdf) -> Dictionary:
    return Dictionary(JavaScript=Dictionary(Names=Array([String("a"), pdf.make_indirect(javascript())])))


def _script_stream(pdf: pikepdf.Pdf) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=pdf.make_stream(b"app.alert(1)"))


def _packed_script() -> bytes:
    return a_pdf(of_root("/OpenAction", javascript), object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _respelt() -> bytes:
    """The names in other letters, so that whoever searches the bytes finds none."""
    pdf = a_pdf(of_root("/OpenAction", lambda _: Dictionary(S=Name("/JavaScript--"))))
    assert b"/JavaScript--" in pdf
    return pdf.replace(b"/JavaScript--", b"/J#61vaScript")


def _second_action(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]), Next=Array([javascript()]))
