from django.urls import path

from .views import OnePoll, Polls, Votes

urlpatterns = [
    path("polls", Polls.as_view()),
    path("polls/<int:number>", OnePoll.as_view()),
    path("polls/<int:number>/votes", Votes.as_view()),
]
