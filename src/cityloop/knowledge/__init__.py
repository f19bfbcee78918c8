"""What the city answers with: entries with an owner, an end and an approval; and who was answered with them, without a case."""

from cityloop.knowledge.apply import APPLY
from cityloop.knowledge.handlers import ON
from cityloop.knowledge.routes import ROUTES
from cityloop.knowledge.service import index_knowledge, inquiry_list_by
from cityloop.knowledge.views import InquiryView, inquiry_view

__all__ = ["APPLY", "ON", "ROUTES", "InquiryView", "index_knowledge", "inquiry_list_by", "inquiry_view"]
