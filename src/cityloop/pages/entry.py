"""Coming in and going out by a form, through the same use cases as the API."""

from litestar import Request, Response, post
from litestar.datastructures import Cookie

from cityloop.domain.errors import CityloopError
from cityloop.http import Door
from cityloop.http.identity import signed_in
from cityloop.pages.screen import PLAIN, local, moved, sign_in_page
from cityloop.people.session_routes import CLEARED, SignInAsked, delete_session, post_session


@post("/sign-in", status_code=303, include_in_schema=False)
async def post_sign_in(request: Request, door: Door) -> Response[bytes]:
    """Sign in by the form; a wrong password shows it again with the name kept."""
    form = await request.form()
    name, to = str(form.get("name", "")), local(str(form.get("next", PLAIN)))
    try:
        answer = await post_session.fn(
            SignInAsked(
                name=name[:200], password=str(form.get("password", ""))[:1000], code=str(form.get("code", ""))[:40] or None
            ),
            door,
        )
    except CityloopError as error:
        return sign_in_page(request, door.policy, status=401, error=error, name=name[:80], to=to)
    return moved(to, cookies=list(answer.cookies))


@post("/sign-out", status_code=303, include_in_schema=False, guards=[signed_in])
async def post_sign_out(door: Door) -> Response[bytes]:
    """End the session, and show the door."""
    answer = await delete_session.fn(door)
    cookies: list[Cookie] = list(answer.cookies)
    page = moved(PLAIN, cookies=cookies)
    page.headers |= CLEARED
    return page


ROUTES = [post_sign_in, post_sign_out]
