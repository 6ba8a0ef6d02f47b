from django.urls import path

from . import views

urlpatterns = [
    path("polls", views.polls),
    path("polls/<int:number>", views.poll),
    path("polls/<int:number>/votes", views.votes),
]
