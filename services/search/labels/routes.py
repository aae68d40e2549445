"""HTTP: parse → call → status code."""

from fastapi import Response
from pydantic import BaseModel

from services.search.labels.queries import all_labels
from services.search.labels.views import LabelsView
from shared.http.routes import CallerOf, Router


def label_routes() -> Router:
    """Names for everything that has a code."""
    router = Router()

    @router.action("search.list-labels", response_model=LabelsView)
    async def list_labels(_: CallerOf, response: Response) -> BaseModel:
        """Every value set of the platform with its Chinese names. Changes only with the platform's version."""
        labels = all_labels()
        response.headers["ETag"] = labels.etag
        return labels.view

    return router
