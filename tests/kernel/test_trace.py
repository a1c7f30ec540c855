"""The trace."""

from __future__ import annotations

from mocksls._kernel.trace import Trace


def example() -> Trace:
    """A call that caused an event, which was refused, and something internal."""
    trace = Trace()
    call = trace.add("call", "s3", "PutObject", "b/k", time=1.0, outcome="ok")
    event = trace.add("event", "s3", "ObjectCreated", time=2.0, parent=call.id)
    trace.add("refusal", "lambda", text="no permission", time=3.0, parent=event.id, outcome="AccessDenied")
    trace.add("call", "logs", "PutLogEvents", time=3.0, internal=True, outcome="ok")
    return trace


def test_rendered_as_a_tree() -> None:
    """Effects are indented below their causes; errors show, internal calls do not."""
    assert str(example()).splitlines() == [
        "s3.PutObject b/k",
        "  event: s3.ObjectCreated",
        "    refusal: lambda no permission -> AccessDenied",
    ]


def test_internal_entries_on_demand() -> None:
    """Internal calls can be shown."""
    assert example().render(internal=True).splitlines()[-1] == "logs.PutLogEvents"


def test_the_tail() -> None:
    """The newest entries only."""
    assert example().render(1) == "refusal: lambda no permission -> AccessDenied"


def test_filter() -> None:
    """Entries are found by any of their fields, and by a part of their text."""
    trace = example()
    assert [entry.name for entry in trace.filter(kind="call")] == ["PutObject", "PutLogEvents"]
    assert [entry.kind for entry in trace.filter(service="s3")] == ["call", "event"]
    assert [entry.outcome for entry in trace.filter(text="permission")] == ["AccessDenied"]
    assert trace.filter(service="s3", name="GetObject") == []


def test_ids_rise_and_iteration_is_stable() -> None:
    """Entries are in order, and may be added while iterating."""
    trace = example()
    seen = []
    for entry in trace:
        trace.add("note", "x", time=9.0)
        seen.append(entry.id)
    assert seen == [1, 2, 3, 4]
    assert len(trace) == 8


def test_a_line_an_entry() -> None:
    """However long and of however many lines a text is, its entry has one line that can be read."""
    trace = Trace()
    trace.add("invocation", "lambda", "f", "first\n" + "x" * 1_000_000, time=1.0)
    line = trace.render()
    assert line.startswith("invocation: lambda.f first xxx")
    assert line.endswith("xxx... (1000027 characters)")
    assert len(line) < 3000
