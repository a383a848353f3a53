"""A page with the recorder and two file fields, and a server that only remembers: what the scripts do is seen apart
from what the portal makes of it. Set `ROOT_URLCONF` to this module."""

import hashlib
import math
import re
import threading
from itertools import count
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import path
from django.views.decorators.http import require_POST

from shuxiang.urls import handler400
from shuxiang.urls import urlpatterns as portal_urlpatterns

__all__ = ["handler400", "received", "urlpatterns"]

RECORDING = settings.BASE_DIR / "shuxiang/demo/recordings/lou-shi-ming.mp3"
PEAKS = [round(50 + 45 * math.sin(n / 3)) for n in range(200)]
PAGE = """
{% extends "base.html" %}
{% load static %}
{% block title %}上报诵读作品{% endblock %}
{% block head %}<script src="{% static 'upload.js' %}" type="module"></script>{% endblock %}
{% block content %}
  <header class="page-head"><h1>上报诵读作品</h1></header>
  <form class="steps" method="post" action="/harness/sent/" enctype="multipart/form-data">
    {% csrf_token %}
    <input type="hidden" name="token" value="one-form"><input type="hidden" name="kind" value="recitation">
    <fieldset class="step"><legend>文本</legend><div class="spaced">
      <label class="form-label" for="id_script">诵读全文</label>
      <textarea class="form-control" id="id_script" name="script">{{ script }}</textarea>
    </div></fieldset>
    <fieldset class="step"><legend>录音</legend><div>
      {% include "works/recorder.html" %}
      <div class="spaced" data-field>
        <label class="form-label" for="id_audio">或上传录音文件</label>
        <input class="form-control" id="id_audio" name="audio" type="file" accept="audio/*,.m4a,.mp3,.wav"
          data-upload="{{ upload }}" data-max-bytes="104857600" data-max-seconds="3600"
          data-limits="请选 mp3、m4a、wav 等录音。" aria-describedby="id_audio_help">
        <p class="form-text" id="id_audio_help">mp3、m4a、wav 等，最大 100 MB、60 分钟。
          <a href="/help/recording/">怎样录得清楚</a></p>
      </div>
    </div></fieldset>
    <fieldset class="step"><legend>封面</legend><div class="spaced" data-field>
      <label class="form-label" for="id_cover">封面</label>
      <input class="form-control" id="id_cover" name="cover" type="file" accept="image/*"
        data-upload="/works/files/cover/" data-max-bytes="1000000" data-limits="请选 JPEG、PNG 等图片。">
    </div></fieldset>
    <div class="submit"><button class="btn btn-primary" name="action" value="submit">上报</button></div>
  </form>
{% endblock %}
"""
SCRIPT = (
    "欧阳子方夜读书，闻有声自西南来者，悚然而听之，曰：“异哉。”初淅沥以萧飒，忽奔腾而砰湃，如波涛夜惊，风雨骤至。"
    "其触于物也，鏦鏦铮铮，金铁皆鸣；又如赴敌之兵，衔枚疾走，不闻号令，但闻人马之行声。\n"
    "予谓童子：“此何声也？汝出视之。”童子曰：“星月皎洁，明河在天，四无人声，声在树间。”"
)
LISTEN = """
{% extends "base.html" %}
{% block title %}听{% endblock %}
{% block content %}<header class="page-head"><h1>听</h1></header>{% include "works/player.html" %}
  {% for n in lines %}<p>{{ script }}</p>{% endfor %}
{% endblock %}
"""


class Received:
    """What came in, and how the server is to behave."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.files: list[dict[str, Any]] = []
        self.sent: list[dict[str, str]] = []
        self.refusal = ""
        self.failure = ""
        self.status = 200
        self.polls = count(1)
        self.gate = threading.Event()
        self.gate.set()


received = Received()


def render(request: HttpRequest, page: str, **context: Any) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(page).render(context, request))


def form(request: HttpRequest) -> HttpResponse:
    upload = "" if "plain" in request.GET else "/works/files/audio/"
    return render(request, PAGE, script=SCRIPT, upload=upload)


def listen(request: HttpRequest) -> HttpResponse:
    file = {"pk": "00000000-0000-0000-0000-000000000001", "state": "ready", "duration_ms": 61_000, "peaks": PEAKS}
    return render(request, LISTEN, file=file, size_class="player-large", script=SCRIPT, lines=range(20))


def described(role: str, kept: dict[str, Any]) -> dict[str, Any]:
    here = f"/harness/{kept['sha256']}/"
    return {
        "id": kept["sha256"], "role": role, "name": kept["name"], "size": kept["size"], "url": here,
        "state": "processing" if role == "audio" else "ready",
    }  # fmt: skip


@require_POST
def upload(request: HttpRequest, role: str, work_id: int = 7) -> HttpResponse:
    received.gate.wait(20)
    if received.status != 200:
        return HttpResponse("<html>", status=received.status)
    if received.refusal:
        return JsonResponse({"error": received.refusal}, status=422)
    if "file" not in request.FILES:
        return JsonResponse({"error": "没有收到文件。"}, status=400)
    file = request.FILES["file"]
    content = file.read()
    digest = hashlib.sha256(content).hexdigest()
    kept = {"role": role, "name": file.name, "size": len(content), "sha256": digest, "content": content,
            "type": file.content_type, "path": request.path, "token": request.POST.get("token")}  # fmt: skip
    received.files.append(kept)
    return JsonResponse({"work": 7, "revision": 3, "file": described(role, kept)})


def status(request: HttpRequest, digest: str) -> HttpResponse:
    if next(received.polls) < 2:
        return JsonResponse({"state": "processing"})
    if received.failure:
        return JsonResponse({"state": "failed", "message": received.failure})
    url = f"/harness/{digest}/"
    return JsonResponse({"state": "ready", "duration_ms": 3000, "peaks": PEAKS, "url": url, "notice": "录音较轻。"})


def file(request: HttpRequest, digest: str) -> FileResponse:
    kept = next(each for each in received.files if each["sha256"] == digest)
    return FileResponse(iter([kept["content"]]), content_type=kept["type"])


@require_POST
def sent(request: HttpRequest) -> HttpResponse:
    received.sent.append({**request.POST.dict(), **{name: str(each.size) for name, each in request.FILES.items()}})
    return HttpResponse('<link rel="icon" href="data:,"><h1>收到</h1>')


def media(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """The whole recording, with the parts that a browser asks for when it seeks."""
    content = RECORDING.read_bytes()
    asked = re.match(r"bytes=(\d+)-(\d*)", request.headers.get("Range", "bytes=0-"))
    start, end = int(asked[1]), int(asked[2] or len(content) - 1)
    answer = HttpResponse(content[start : end + 1], content_type="audio/mpeg", status=206)
    answer["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
    answer["Accept-Ranges"] = "bytes"
    return answer


urlpatterns = [
    path("media/<uuid:attachment_id>/", media),
    path("harness/", form),
    path("harness/listen/", listen),
    path("harness/sent/", sent),
    path("harness/<str:digest>/status/", status),
    path("harness/<str:digest>/", file),
    path("works/files/<str:role>/", upload),
    path("works/<int:work_id>/files/<str:role>/", upload),
    *portal_urlpatterns,
]
