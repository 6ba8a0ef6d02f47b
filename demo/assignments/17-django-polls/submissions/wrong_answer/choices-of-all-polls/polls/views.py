import json

from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.views.decorators.http import require_http_methods

from .models import Choice, Poll, Vote


def refusal(status, message):
    return JsonResponse({"error": message}, status=status)


def body_of(request):
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


@require_http_methods(["GET", "POST"])
def polls(request):
    if request.method == "GET":
        return JsonResponse({"polls": [poll.shown() for poll in Poll.objects.order_by("id")]})
    body = body_of(request)
    question, choices = str(body.get("question", "")).strip(), body.get("choices")
    if not question or not isinstance(choices, list) or not choices:
        return refusal(400, "a poll has a question and choices")
    with transaction.atomic():
        poll = Poll.objects.create(question=question)
        for text in choices:
            Choice.objects.create(poll=poll, text=str(text))
    return JsonResponse(poll.shown(), status=201)


@require_http_methods(["GET"])
def poll(request, number):
    found = Poll.objects.filter(id=number).first()
    return refusal(404, "there is no such poll") if found is None else JsonResponse(found.shown())


@require_http_methods(["POST"])
def votes(request, number):
    found = Poll.objects.filter(id=number).first()
    if found is None:
        return refusal(404, "there is no such poll")
    body = body_of(request)
    choice, voter = body.get("choice"), body.get("voter")
    if not isinstance(voter, str) or not voter or not isinstance(choice, int):
        return refusal(400, "a vote has a voter and a choice")
    chosen = Choice.objects.filter(id=choice).first()
    if chosen is None:
        return refusal(400, "that is no choice of this poll")
    try:
        with transaction.atomic():
            Vote.objects.create(poll=found, choice=chosen, voter=voter)
    except IntegrityError:
        return refusal(409, f"{voter} has voted")
    return JsonResponse({}, status=201)
