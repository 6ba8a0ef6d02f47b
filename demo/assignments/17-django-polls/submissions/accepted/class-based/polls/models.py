from django.db import models


class Poll(models.Model):
    question = models.CharField(max_length=200)

    def shown(self):
        choices = self.choices.annotate(count=models.Count("votes")).order_by("id")
        return {
            "id": self.id,
            "question": self.question,
            "choices": [{"id": choice.id, "text": choice.text, "votes": choice.count} for choice in choices],
        }


class Choice(models.Model):
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="choices")
    text = models.CharField(max_length=200)


class Vote(models.Model):
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE)
    choice = models.ForeignKey(Choice, on_delete=models.CASCADE, related_name="votes")
    voter = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "voter"], name="one_vote_for_each")]
