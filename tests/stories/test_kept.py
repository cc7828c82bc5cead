"""What a browser keeps outlives a full phone, a cut, another person and a sign-out that came too early."""

import os
from contextlib import suppress
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Error, Page, Route

from selaras.models import Arrival, BrowserSession, Membership, Role, Upload, User
from selaras.web import offline as kept_pages
from tests import build
from tests.build_field import Field, filled, open_field
from tests.stories import offline
from tests.stories.served import WAIT, Site

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)

_ADD = """async ([user, uuid, xml]) => {
    const store = await import('/static/selaras/isi/store.js');
    const queue = await import('/static/selaras/isi/queue.js');
    await store.open(user);
    const parts = [{ name: 'xml_submission_file', type: 'text/xml', blob: new Blob([xml]) }];
    await queue.add({ uuid, kind: 'form', title: 'Data awal', about: 'GD-001 Rohayati Rahasia', parts });
}"""
_PUT = """async ([user, kind, id, value]) => {
    const store = await import('/static/selaras/isi/store.js');
    await store.open(user);
    await store.put(kind, id, value);
}"""
_SEND = """async (user) => {
    const store = await import('/static/selaras/isi/store.js');
    const queue = await import('/static/selaras/isi/queue.js');
    await store.open(user);
    await queue.send();
    return (await queue.list()).map((item) => [item.uuid, item.state]);
}"""
#: What lies there, and whether it can be kept.
_THERE = """async (user) => {
    const store = await import('/static/selaras/isi/store.js');
    const queue = await import('/static/selaras/isi/queue.js');
    await store.open(user);
    const [drafts, bytes] = [await store.all('draft'), await store.all('queue-bytes')];
    return [await queue.waiting(), drafts.length, bytes.length, await store.persisted()];
}"""
_NAMES = "async () => (await indexedDB.databases()).map((each) => each.name)"


@pytest.fixture
def of() -> Field:
    return open_field()


def inside(context: BrowserContext, site: Site, user: User, at: str = "/kader/") -> Page:
    page = context.new_page()
    user.set_password(offline.PASSWORD)
    user.save()
    offline.sign_in(page, site.base, user)
    page.goto(f"{site.base}{at}")
    return page


def form_of(of: Field, number: str, more: str = "") -> str:
    home = build.household(of.programme.lokus, rw="03")
    return filled(of.form, home, instance=f"uuid:{number}", more=more).decode()


def queue_up(page: Page, of: Field, number: str = "", more: str = "") -> str:
    number = number or str(uuid4())
    page.evaluate(_ADD, [hers(of), number, form_of(of, number, more)])
    return number


def hers(of: Field) -> str:
    return str(of.phone.phone.user.uuid)


def fill_up(page: Page) -> None:
    """No room for another byte: the quota of a real disk is told to a browser late, and forgotten late."""
    page.context.add_init_script(
        """const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (...given) {
            if (localStorage.penuh) throw new DOMException('no room', 'QuotaExceededError');
            return put.apply(this, given);
        };"""
    )
    page.reload()
    page.evaluate("() => { localStorage.penuh = 'ya' }")


def test_a_full_phone_shows_what_it_keeps_and_signing_out_does_not_wipe_it(
    context: BrowserContext, site: Site, of: Field
) -> None:
    page = inside(context, site, of.phone.phone.user)
    queue_up(page, of)
    page.evaluate(_PUT, [hers(of), "draft", "x", {"files": []}])
    fill_up(page)
    page.reload()

    there = page.evaluate(_THERE, hers(of))
    page.goto(f"{site.base}/keluar/")
    page.get_by_text("Isian yang belum terkirim dari HP ini: 1").wait_for()
    page.get_by_text("Isian yang belum selesai di HP ini: 1").wait_for()

    assert there == [1, 1, 1, "full"]
    assert page.locator("main button", has_text="Keluar").is_disabled()


def test_where_what_is_kept_cannot_be_read_signing_out_refuses_and_deletes_nothing(
    context: BrowserContext, site: Site, of: Field
) -> None:
    page = inside(context, site, of.phone.phone.user)
    queue_up(page, of)
    context.add_init_script("IDBFactory.prototype.open = () => { throw new Error('no') }")

    page.goto(f"{site.base}/keluar/")
    page.get_by_text("Isian yang tersimpan di HP ini tidak dapat dibaca sekarang.").wait_for()
    barred = page.locator("main button", has_text="Keluar").is_disabled()
    said = page.locator("main .notice").filter(visible=True).count()
    page.get_by_label("Keluar tanpa menghapus isian dari HP ini").check()
    page.locator("main button", has_text="Keluar").click()
    page.wait_for_url("**/masuk/")

    assert (barred, said) == (True, 1)
    assert page.evaluate(_NAMES) == [f"selaras-{hers(of)}"]


def test_a_full_phone_sends_and_has_room_again(context: BrowserContext, site: Site, of: Field) -> None:
    page = inside(context, site, of.phone.phone.user)
    number = queue_up(page, of)
    fill_up(page)
    page.evaluate(_THERE, hers(of))

    sent = page.evaluate(_SEND, hers(of))
    there = page.evaluate(_THERE, hers(of))
    page.evaluate("() => localStorage.clear()")
    page.reload()

    assert sent == [[number, "sent"]]
    assert there[2] == 0
    assert page.evaluate(_SEND, hers(of)) == [[number, "sent"]]
    assert Arrival.objects.count() == 1


def test_other_bytes_under_a_number_that_was_sent_are_sent_too(context: BrowserContext, site: Site, of: Field) -> None:
    page = inside(context, site, of.phone.phone.user)
    number = queue_up(page, of)
    page.evaluate(_SEND, hers(of))
    queue_up(page, of, number, more="<foto>dibetulkan.jpg</foto>")

    page.evaluate(_SEND, hers(of))

    assert sorted("dibetulkan" in each.raw_bytes().decode() for each in Arrival.objects.all()) == [False, True]
    assert page.evaluate(_THERE, hers(of))[0] == 0


def test_what_is_finished_while_its_first_version_is_on_its_way_is_sent_after_it(
    context: BrowserContext, site: Site, of: Field
) -> None:
    page = inside(context, site, of.phone.phone.user)
    number = queue_up(page, of)
    second = form_of(of, number, more="<foto>dibetulkan.jpg</foto>")
    # The answer to the first is still on its way when the second is finished.
    page.evaluate(
        f"""(given) => {{
            const real = window.fetch;
            window.fetch = async (...asked) => {{
                const answer = await real(...asked);
                if (asked[1]?.method === 'PUT') {{
                    window.fetch = real;
                    await ({_ADD})(given);
                }}
                return answer;
            }};
        }}""",
        [hers(of), number, second],
    )
    page.evaluate(_SEND, hers(of))
    waiting = page.evaluate(_THERE, hers(of))
    page.evaluate(_SEND, hers(of))

    assert waiting[0] == 1
    assert Arrival.objects.count() == 2


def test_a_server_that_was_set_back_to_a_backup_gets_again_what_it_forgot(
    context: BrowserContext, site: Site, of: Field
) -> None:
    page = inside(context, site, of.phone.phone.user)
    number = queue_up(page, of)
    page.evaluate(_SEND, hers(of))
    # The server is asked once a minute; a number that stands in no line is what a kill leaves.
    page.evaluate(
        """async ([user, uuid]) => {
            const store = await import('/static/selaras/isi/store.js');
            await store.put('queue', uuid, { ...(await store.get('queue', uuid)), asked: 0 });
            await store.put('queue-bytes', 'nobody', new Blob(['x']));
        }""",
        [hers(of), number],
    )
    Upload.objects.all().delete()
    Arrival.objects.all().delete()

    page.evaluate(_SEND, hers(of))
    done = page.evaluate(_SEND, hers(of))

    assert done == [[number, "sent"]]
    assert Arrival.objects.get().instance_id == f"uuid:{number}"
    assert page.evaluate(_THERE, hers(of))[2] == 1


def test_a_finished_draft_that_never_reached_the_queue_is_counted_and_sent_at_signing_out(
    context: BrowserContext, site: Site, of: Field
) -> None:
    page = inside(context, site, of.phone.phone.user)
    number = str(uuid4())
    draft = {"id": number, "form": {"title": "Data awal"}, "about": "", "files": []}
    page.evaluate(_PUT, [hers(of), "draft", number, {**draft, "done": form_of(of, number)}])
    page.goto(f"{site.base}/keluar/")

    page.get_by_text("Isian yang belum terkirim dari HP ini: 1").wait_for()
    barred = page.locator("main button", has_text="Keluar").is_disabled()
    page.get_by_role("button", name="Kirim sekarang").click()
    page.get_by_text("Tidak ada isian yang menunggu di HP ini.").wait_for()

    assert barred is True
    assert Arrival.objects.get().instance_id == f"uuid:{number}"


def test_what_another_tab_finishes_after_the_file_was_saved_keeps_her_from_signing_out(
    context: BrowserContext, site: Site, of: Field
) -> None:
    page = inside(context, site, of.phone.phone.user)
    queue_up(page, of)
    other = context.new_page()
    other.goto(f"{site.base}/kader/")
    page.goto(f"{site.base}/keluar/")
    with page.expect_download():
        page.get_by_role("button", name="Unduh berkas cadangan").click()
    page.get_by_text("Berkas cadangan diunduh.").wait_for()
    leave = page.locator("main button", has_text="Keluar")
    free = leave.is_enabled()

    queue_up(other, of)
    page.get_by_text("Isian yang belum terkirim dari HP ini: 2").wait_for()

    assert free is True
    assert leave.is_disabled()


def test_another_tab_forgets_what_it_shows_when_she_signs_out(context: BrowserContext, site: Site, of: Field) -> None:
    build.household(of.programme.lokus, rw="03", name="Rohayati Rahasia")
    page = inside(context, site, of.phone.phone.user, "/isi/")
    page.get_by_text("Rohayati Rahasia").first.wait_for(state="attached")
    other = context.new_page()
    other.goto(f"{site.base}/keluar/")
    other.get_by_text("Tidak ada isian yang menunggu di HP ini.").wait_for()

    other.locator("main button", has_text="Keluar").click()
    other.wait_for_url("**/masuk/")
    page.get_by_role("link", name="Masuk").wait_for()

    assert page.get_by_text("Rohayati Rahasia").count() == 0


_FORMS = """async () => {
    const kept = await import('/static/selaras/isi/kept.js');
    const { known } = await kept.begin();
    const found = [];
    for (const form of known.forms) found.push([(await kept.formText(form)) !== null, (await kept.listsOf(form)).size === form.lists.length]);
    return found;
}"""  # noqa: E501


def test_a_cut_while_the_new_list_comes_leaves_her_the_one_she_has(
    context: BrowserContext, site: Site, of: Field
) -> None:
    build.household(of.programme.lokus, rw="03", name="Rohayati")
    page = inside(context, site, of.phone.phone.user)
    whole = page.evaluate(_FORMS)
    build.household(of.programme.lokus, rw="03", name="Siti")
    page.route("**/keluarga.csv", lambda route: route.abort())

    page.reload()
    cut = page.evaluate(_FORMS)
    page.route("**/isi.json*", lambda route: route.abort())
    page.reload()

    assert whole == [[True, True]] * len(whole) != []
    assert cut == whole
    assert page.evaluate(_FORMS) == whole


def test_a_page_of_the_network_takes_her_list_from_nobody_and_is_kept_as_no_form(
    context: BrowserContext, site: Site, of: Field
) -> None:
    """A proxy of an office or the sign-in of an open network answers in the place of the server, in its own words."""
    html = {"content_type": "text/html", "body": "<h1>Wi-Fi</h1>"}
    build.household(of.programme.lokus, rw="03", name="Rohayati")
    context.route("**/isi/formulir/**", partial(Route.fulfill, **html))  # type: ignore[arg-type]
    page = inside(context, site, of.phone.phone.user, "/isi/")
    page.get_by_text("Rohayati").first.wait_for(state="attached")
    kept = page.evaluate(_FORMS)
    context.unroute("**/isi/formulir/**")
    page.reload()
    page.get_by_text("Rohayati").first.wait_for(state="attached")
    page.wait_for_function(f"async () => (await ({_FORMS})()).every(([form]) => form)")

    found = []
    for status in (401, 403, 302):
        answer = {**html, "status": status, "headers": {"Location": "http://portal.example/"}}
        page.route("**/isi.json*", partial(Route.fulfill, **answer))  # type: ignore[arg-type]
        page.reload()
        page.get_by_text("Tanpa sinyal").wait_for()
        found.append((page.get_by_text("Rohayati").count(), page.get_by_role("link", name="Masuk").count()))
        page.unroute("**/isi.json*")

    assert {form for form, _list in kept} == {False}
    assert {form for form, _list in page.evaluate(_FORMS)} == {True}
    assert found == [(1, 0)] * 3


def test_who_has_no_families_opens_nothing_of_who_had_the_phone_before(
    context: BrowserContext, site: Site, of: Field
) -> None:
    build.household(of.programme.lokus, rw="03", name="Rohayati Rahasia")
    page = inside(context, site, of.phone.phone.user, "/isi/")
    page.get_by_text("Rohayati Rahasia").first.wait_for(state="attached")
    context.clear_cookies()
    juror = build.member(Role.JUROR, of.programme.lokus.area, cycle=of.programme.cycle)

    page = inside(context, site, juror, "/isi/")
    page.get_by_text("Tidak ada formulir untuk Anda di sini.").wait_for()

    assert page.get_by_text("Rohayati Rahasia").count() == 0
    assert page.evaluate(_NAMES) == [f"selaras-{hers(of)}"]


def test_who_is_told_to_sign_in_sees_how_many_wait_and_no_name(context: BrowserContext, site: Site, of: Field) -> None:
    build.household(of.programme.lokus, rw="03", name="Rohayati Rahasia")
    page = inside(context, site, of.phone.phone.user, "/isi/")
    page.get_by_text("Rohayati Rahasia").first.wait_for(state="attached")
    queue_up(page, of)
    BrowserSession.objects.all().delete()

    page.reload()
    page.get_by_text("Isian di HP ini yang belum terkirim: 1.").wait_for()

    assert page.get_by_text("Rahasia").count() == 0
    assert page.get_by_role("link", name="Masuk").is_visible()


def test_whose_task_has_ended_keeps_what_is_not_sent_and_nothing_else(
    context: BrowserContext, site: Site, of: Field
) -> None:
    build.household(of.programme.lokus, rw="03", name="Rohayati Rahasia")
    page = inside(context, site, of.phone.phone.user, "/isi/")
    page.get_by_text("Rohayati Rahasia").first.wait_for(state="attached")
    page.route("**/kirim/*", lambda route: route.abort())
    queue_up(page, of)
    Membership.objects.filter(user=of.phone.phone.user).update(ends=timezone.now())

    page.reload()
    page.get_by_text("Tidak ada formulir untuk Anda di sini.").wait_for()
    kept = page.evaluate(
        """async () => {
            const store = await import('/static/selaras/isi/store.js');
            const known = await store.get('known', 'isi');
            return [known.families, known.forms, Boolean(known.seal), (await store.get('known', 'last')) ?? null,
                    (await store.all('list')).length, (await store.all('queue-bytes')).length];
        }"""
    )

    assert kept == [[], [], True, None, 0, 1]
    assert page.get_by_role("button", name="Unduh berkas cadangan").is_visible()


def until(page: Page, question: str, wait: int = WAIT) -> bool:
    """Ask until it is so, for so many milliseconds; a page that is being loaded anew is asked again."""
    for _ in range(wait // 100):
        with suppress(Error):
            if page.evaluate(question):
                return True
        page.wait_for_timeout(100)
    return False


def test_a_new_version_waits_while_two_pages_are_open_and_takes_over_when_one_opens_again(
    context: BrowserContext, site: Site, of: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = context.new_page()
    offline.sign_in(page, site.base, offline.cadre_of(of))
    offline.ready(page)
    names = "async () => (await caches.keys()).filter((name) => name.startsWith('selaras-isi-'))"
    (first,) = page.evaluate(names)
    other = context.new_page()
    other.goto(f"{site.base}/isi/")
    before = kept_pages._kept
    monkeypatch.setattr(kept_pages, "_kept", lambda *given: ("fedcba9876543210", before(*given)[1]))

    page.evaluate("async () => { await (await navigator.serviceWorker.ready).update() }")
    assert until(page, "async () => Boolean((await navigator.serviceWorker.ready).waiting)")
    page.reload()
    both = sorted(page.evaluate(names))
    other.close()
    alone = f"async () => (await ({names})()).join() === 'selaras-isi-fedcba9876543210'"
    for _ in range(10):
        # The worker may be told a moment later that the other page is gone.
        page.reload()
        if until(page, alone, WAIT // 10):
            break

    assert both == sorted([first, "selaras-isi-fedcba9876543210"])
    assert until(page, alone)


def test_a_second_tab_that_opens_takes_the_version_from_under_no_other(
    context: BrowserContext, site: Site, of: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = inside(context, site, of.phone.phone.user, "/isi/")
    offline.ready(page)
    names = "async () => (await caches.keys()).filter((name) => name.startsWith('selaras-isi-'))"
    before = kept_pages._kept
    monkeypatch.setattr(kept_pages, "_kept", lambda *given: ("fedcba9876543210", before(*given)[1]))
    page.evaluate("async () => { await (await navigator.serviceWorker.ready).update() }")
    assert until(page, "async () => Boolean((await navigator.serviceWorker.ready).waiting)")

    both = sorted(page.evaluate(names))
    second = context.new_page()
    second.goto(f"{site.base}/isi/")
    second.wait_for_selector("main h1")
    # A version that was told to take over needs a moment for it.
    page.wait_for_timeout(2_000)
    waiting = "async () => (await navigator.serviceWorker.ready).waiting?.state"

    assert (sorted(page.evaluate(names)), page.evaluate(waiting)) == (both, "installed")
    assert "selaras-isi-fedcba9876543210" in both


def test_a_slow_line_shows_what_is_kept_and_then_what_the_server_says(
    context: BrowserContext, site: Site, of: Field
) -> None:
    build.household(of.programme.lokus, rw="03", name="Rohayati")
    page = inside(context, site, of.phone.phone.user, "/isi/")
    offline.ready(page)
    page.get_by_text("Rohayati").first.wait_for(state="attached")
    build.household(of.programme.lokus, rw="03", name="Siti Baru")
    page.add_init_script(
        """const real = window.fetch;
        const arrives = new Promise((resolve) => { window.arrive = resolve; });
        window.fetch = async (...asked) => {
            if (String(asked[0]).includes('isi.json')) await arrives;
            return real(...asked);
        };"""
    )

    page.reload()
    page.get_by_text("Rohayati").first.wait_for(state="attached")
    early = page.get_by_text("Siti Baru").count()
    page.evaluate("() => window.arrive()")
    page.get_by_text("Siti Baru").first.wait_for(state="attached")

    assert early == 0
