"""What the API is about, subject by subject, in the order in which one meets them."""

from __future__ import annotations

HEAD = """Videos in one language, given back spoken in another.

Send a file to `POST /api/v1/upload` with a `target_language`, follow the job's events, and download the dub. Larger
files go up by tus at `/api/v1/uploads`; then `POST /api/v1/jobs` asks for the dub.

A key goes into `Authorization: Bearer dbl_…` (or `X-API-Key`). Moments are RFC 3339 in UTC; spans and places in
media are seconds. Lists come a page at a time: `next_cursor` of one reply is `cursor` of the next request. Requests
that make something take an `Idempotency-Key`: sent again within a day, they get the same reply and make nothing new.

Every error is an RFC 9457 document (`application/problem+json`). Its `code` never changes its meaning; `detail` says
what is wrong in a sentence, `hint` what to do about it, `trace_id` finds it in the server's log. Where a job failed,
its `error_code` is one of the same codes. New fields, kinds of events and codes may come at any time: leave out what
you do not know."""

SUBJECTS = {
    "uploads": "Files on their way here: in one call with the job, or resumable by "
    "[tus 1.0.0](https://tus.io/protocols/resumable-upload) (creation, creation-with-upload, checksum, termination, "
    "expiration).",
    "jobs": "A job is one film or recording, dubbed into one language or several. It is `uploaded` while it waits, "
    "then `processing`, and ends as `completed`, `failed` or `cancelled`.",
    "batches": "Many jobs in one call, and looked after as one.",
    "events": """What happens to jobs, as it happens. The same events come in the same order over each of:

* **Server-sent events** at `GET /api/v1/jobs/{job_id}/events`: `id` is the event's number within the job, `event` its
  kind, `data` a JSON object with at least `job_id`, `status`, `progress`, `current_stage` and `at`. Come back with
  `Last-Event-ID` and nothing is missed or told twice. A comment comes now and then to keep the line open.
* **A WebSocket** at `/api/v1/jobs/{job_id}/progress`: text frames
  `{"id": 1, "kind": "job.created", "data": {…}, "at": "2030-01-31T12:00:00.000Z"}`. Say the last id you know as
  `?after=12`, or in a first message `{"after": 12}`. It closes with 1000 when the job has ended.
* **Webhooks**, pushed to an address of yours.

Browsers, which cannot send a key with either stream, ask for a ticket first.""",
    "downloads": "What a job made, by signed links that expire.",
    "previews": "Clips, a proxy, a picture and the waveform: made when they are first asked for, then kept.",
    "scripts": "Who says what when: read and edited line by line. A write names the revision it saw in `If-Match`; "
    "where somebody else was quicker it is refused with 409 and changes nothing.",
    "hooks": "Addresses of yours that are told what happens, signed as "
    "[Standard Webhooks](https://www.standardwebhooks.com) says. What they are sent stands under *webhooks*.",
    "keys": "Credentials of programs. A key may do no more than the person who made it.",
    "people": "Who is in your organisation, and as what.",
    "usage": "What was used, and what it cost.",
    "audit": "Who did what, for admins.",
    "health": "For whoever watches over the server.",
    "signing in": "For people with a browser, by OpenID Connect, where the operator set it up.",
}
