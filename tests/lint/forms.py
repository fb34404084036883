"""What SARIF 2.1.0 and the JUnit form of Jenkins' xunit plugin demand of what we write, as far as we write it.

Written from the facts of the two specifications; each part forbids what it does not name, so that a misspelt property
is a mistake here as it is there.
"""

from __future__ import annotations

from typing import Annotated, Literal
from xml.etree import ElementTree as ET

import msgspec
from msgspec import Meta


class Part(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A part of a SARIF log."""


Text = Annotated[str, Meta(min_length=1)]
Line = Annotated[int, Meta(ge=1)]
Index = Annotated[int, Meta(ge=0)]
Uri = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._~/:%-]+$")]
Level = Literal["none", "note", "warning", "error"]


class Message(Part):
    text: Text


class Help(Part):
    text: Text
    markdown: Text


class Configuration(Part):
    level: Level


class RuleProperties(Part):
    fix: Literal["none", "safe", "suggested"]


class Rule(Part):
    id: Text
    name: Text
    short_description: Message
    help: Help
    default_configuration: Configuration
    properties: RuleProperties


class Driver(Part):
    name: Text
    semantic_version: Annotated[str, Meta(pattern=r"^\d+\.\d+\.\d+")]
    rules: list[Rule]


class Tool(Part):
    driver: Driver


class ArtifactLocation(Part):
    uri: Uri
    uri_base_id: Literal["%SRCROOT%"] | None = None
    index: Index | None = None


class Content(Part):
    text: str


class Region(Part):
    start_line: Line
    start_column: Line
    end_line: Line
    end_column: Line
    snippet: Content | None = None


class PhysicalLocation(Part):
    artifact_location: ArtifactLocation
    region: Region


class LogicalLocation(Part):
    name: Text
    fully_qualified_name: Text
    kind: Literal["member"]


class Location(Part):
    physical_location: PhysicalLocation
    logical_locations: list[LogicalLocation] = []


class Replacement(Part):
    deleted_region: Region
    inserted_content: Content


class ArtifactChange(Part):
    artifact_location: ArtifactLocation
    replacements: Annotated[list[Replacement], Meta(min_length=1)]


class Fix(Part):
    description: Message
    artifact_changes: Annotated[list[ArtifactChange], Meta(min_length=1)]


class Result(Part):
    rule_id: Text
    level: Level
    message: Message
    locations: list[Location]
    partial_fingerprints: dict[str, str]
    rule_index: Index | None = None
    fixes: list[Fix] = []


class Artifact(Part):
    location: ArtifactLocation
    encoding: Literal["UTF-8"]
    length: Index


class BaseId(Part):
    description: Message


class Run(Part):
    tool: Tool
    column_kind: Literal["unicodeCodePoints"]
    newline_sequences: Annotated[list[str], Meta(min_length=1)]
    original_uri_base_ids: dict[str, BaseId]
    artifacts: list[Artifact]
    results: list[Result]


class Log(Part):
    version: Literal["2.1.0"]
    runs: list[Run]
    schema: str = msgspec.field(name="$schema", default="")


def read_sarif(text: str) -> Log:
    """A log, read strictly, with what no type can say: that indices point at what they name."""
    log = msgspec.json.decode(text, type=Log)
    for run in log.runs:
        codes = [rule.id for rule in run.tool.driver.rules]
        assert len(set(codes)) == len(codes)
        for result in run.results:
            assert result.rule_index is None or codes[result.rule_index] == result.rule_id
            for location in result.locations:
                where = location.physical_location.artifact_location
                assert where.index is None or run.artifacts[where.index].location.uri == where.uri
                region = location.physical_location.region
                assert (region.start_line, region.start_column) <= (region.end_line, region.end_column)
    return log


_COUNTS = {"tests", "failures", "errors"}
_ATTRIBUTES = {
    "testsuites": ({"name", "time"} | _COUNTS, set[str]()),
    "testsuite": (
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
        {"name"} | _COUNTS,
    ),
    "testcase": ({"time", "classname", "group"}, {"name"}),
    "failure": ({"type", "message"}, set[str]()),
    "system-out": (set[str](), set[str]()),
}
"""For each element the attributes that it may have, and those that it must have."""
_CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase", "system-out"},
    "testcase": {"failure", "system-out"},
    "failure": set[str](),
    "system-out": set[str](),
}


def read_junit(text: str) -> ET.Element:
    """A report, held against what the plugin's schema says of the elements that we write."""
    root = ET.fromstring(text)  # noqa: S314 - what we wrote ourselves
    assert root.tag == "testsuites"
    for element in root.iter():
        may, must = _ATTRIBUTES[element.tag]
        assert must <= set(element.attrib) <= may | must, (element.tag, element.attrib)
        assert {child.tag for child in element} <= _CHILDREN[element.tag]
    for suite in root.iter("testsuite"):
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
    return root
