import json

from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.views import View

from .models import Choice, Poll, Vote


class Refusal(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class JsonView(View):
    """Answers refusals in JSON, and gives methods the body as a dictionary."""

    def dispatch(self, request, *args, **kwargs):
        try:
            self.body = json.loads(request.body or b"{}")
            return super().dispatch(request, *args, **kwargs)
        except ValueError:
            return JsonResponse({"error": "the body is no JSON"}, status=400)
        except Refusal as refusal:
            return JsonResponse({"error": str(refusal)}, status=refusal.status)

    @staticmethod
    def poll(number):
        try:
            return Poll.objects.get(id=number)
        except Poll.DoesNotExist:
            raise Refusal(404, "no such poll") from None


class Polls(JsonView):
    def get(self, request):
        return JsonResponse({"polls": [poll.shown() for poll in Poll.objects.order_by("id")]})

    def post(self, request):
        question, choices = self.body.get("question"), self.body.get("choices")
        if not question or not choices:
            raise Refusal(400, "question and choices are needed")
        with transaction.atomic():
            poll = Poll.objects.create(question=question)
            Choice.objects.bulk_create(Choice(poll=poll, text=text) for text in choices)
        return JsonResponse(poll.shown(), status=201)


class OnePoll(JsonView):
    def get(self, request, number):
        return JsonResponse(self.poll(number).shown())


class Votes(JsonView):
    def post(self, request, number):
        poll = self.poll(number)
        choice = poll.choices.filter(id=self.body.get("choice")).first()
        if choice is None:
            raise Refusal(400, "not a choice of this poll")
        try:
            Vote.objects.create(poll=poll, choice=choice, voter=self.body["voter"])
        except IntegrityError:
            raise Refusal(409, "you have voted") from None
        return JsonResponse({}, status=201)
