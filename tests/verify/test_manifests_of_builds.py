"""What the manifests and lock files of Maven, Gradle, Bundler and Composer are read to add."""

from __future__ import annotations

import pytest
from tests.verify.manifest_pairs import Row, edit, news, swap

POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <groupId>org.example</groupId><artifactId>thing</artifactId>
  <properties><lib.name>left</lib.name></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>org.a</groupId><artifactId>managed</artifactId><version>1</version></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>org.a</groupId><artifactId>${lib.name}</artifactId><version>1</version></dependency>
    <dependency><groupId>org.j</groupId><artifactId>junit</artifactId><scope>test</scope></dependency>
  </dependencies>
</project>
"""
GRADLE = """\
plugins { id 'java' }
repositories {
    mavenCentral()
}
def pinned = "org.a:outside:1.0"
dependencies {
    implementation 'org.a:left:1.0' // org.a:comment:1.0
    testImplementation "org.j:junit:$junit"
    implementation(libs.right) {
        exclude group: 'org.x', module: 'y'
    }
    api project(':core')
}
"""
GEMFILE = """\
source "https://rubygems.org"
gem "rails", "~> 7" # gem "comment"
group :test do
  gem 'rspec'
end
"""
GEMLOCK = """\
GEM
  remote: https://rubygems.org/
  specs:
    rails (7.0.0)
      rack (>= 2)

PLATFORMS
  ruby

DEPENDENCIES
  rails (~> 7)
"""
COMPOSER = {"require": {"php": ">=8", "a/left": "^1"}, "require-dev": {"a/test": "*"}}
COMPOSER_LOCK = {
    "packages": [
        {
            "name": "a/left",
            "source": {"type": "git", "url": "https://github.com/a/left.git", "reference": "abc1"},
            "dist": {"url": "https://api.github.com/repos/a/left/zipball/abc1", "reference": "abc1"},
        }
    ]
}
ROWS: list[Row] = [
    swap("pom.xml", POM, "<version>1</version></dependency>\n    <d", "<version>2</version></dependency>\n    <d"),
    swap("pom.xml", POM, ">left<", ">evil<", "org.a:evil"),
    swap(
        "pom.xml",
        POM,
        "  <dependencies>\n",
        "<dependencies><dependency><groupId>org.b</groupId><artifactId>evil</artifactId><exclusions><exclusion><groupId>x</groupId><artifactId>y</artifactId></exclusion></exclusions></dependency>",
        "org.b:evil",
    ),
    swap(
        "pom.xml",
        POM,
        "  <dependencies>\n",
        "<dependencies><dependency><groupId>org.a</groupId><artifactId>managed</artifactId></dependency>",
        "org.a:managed, now needed at run time",
    ),
    swap(
        "pom.xml",
        POM,
        "<properties>",
        "<build><plugins><plugin><artifactId>p</artifactId></plugin></plugins></build><properties>",
        "org.apache.maven.plugins:p",
    ),
    swap(
        "pom.xml",
        POM,
        "<properties>",
        "<repositories><repository><url>https://e.org</url></repository></repositories><properties>",
        "the repository https://e.org",
    ),
    swap("pom.xml", POM, "<scope>test</scope>", "", "org.j:junit, now needed at run time"),
    swap("build.gradle", GRADLE, "left:1.0", "left:2.0"),
    swap("build.gradle", GRADLE, "comment", "other"),
    swap("build.gradle", GRADLE, "left:1.0'", "left:1.0', 'org.b:evil:1'", "org.b:evil"),
    swap(
        "build.gradle",
        GRADLE,
        "api project",
        "api group: 'org.b', name: 'evil', version: '1'\n api project",
        "org.b:evil",
    ),
    swap("build.gradle", GRADLE, "outside:1.0", "elsewhere:1.0", "org.a:elsewhere"),
    swap("build.gradle", GRADLE, "libs.right", "libs.evil", "libs.evil"),
    swap("build.gradle", GRADLE, "api project", "implementation pinned\n api project", "pinned"),
    swap("build.gradle", GRADLE, "testImpl", "impl", "org.j:junit, now needed at run time"),
    swap(
        "build.gradle",
        GRADLE,
        "mavenCentral()",
        "mavenCentral()\nmaven { url 'https://e.org' }",
        "the repository https://e.org",
    ),
    swap("build.gradle", GRADLE, "id 'java'", "id 'java'; id 'org.evil' version '1'", "the plugin org.evil"),
    swap("build.gradle", GRADLE, "def", "dependencies.add('api', 'org.b:evil')\ndef", "org.b:evil"),
    swap("build.gradle", GRADLE, "exclude group: 'org.x'", "exclude group: 'org.z'"),
    (
        "app/build.gradle.kts",
        'dependencies {\n  implementation("a.b:c:1")\n}\n',
        (
            'dependencies {\n  implementation(\n    "a.b:c:2",\n  )\n'
            '  testImplementation(kotlin("test"))\n  implementation(platform("a.b:bom"))\n}\n'
        ),
        ["kotlin('test')", "a.b:bom"],
    ),
    (
        "gradle/libs.versions.toml",
        '[libraries]\na = "g:a:1"\n',
        '[libraries]\na = "g:a:2"\nb = { module = "g:b", version.ref = "x" }\nc = { group = "g", name = "c" }\n',
        ["g:b", "g:c"],
    ),
    ("gradle.lockfile", "g:a:1=x\nempty=\n", "g:a:2=x\ng:b:1=x\nempty=\n", ["g:b"]),
    swap("Gemfile", GEMFILE, "~> 7", "~> 8"),
    swap("Gemfile", GEMFILE, "comment", "other"),
    swap("Gemfile", GEMFILE, "'rspec'", "'rspec'\n  gem('evil', require: false)", "evil"),
    swap("Gemfile", GEMFILE, '"~> 7"', 'github: "who/rails"', "rails from github who/rails"),
    swap("Gemfile", GEMFILE, "group", '["evil"].each { |name| gem name }\ngroup', "gem name }"),
    swap("Gemfile", GEMFILE, "'rspec'", "'rspec'; gem 'evil'", "evil"),
    swap(
        "Gemfile",
        GEMFILE,
        '"~> 7"',
        '"~> 7", # here\n  require: false,\n  git: "https://e.org/r.git"',
        "rails from git https://e.org/r",
    ),
    swap("Gemfile", GEMFILE, "rubygems.org", "e.org", "source https://e.org"),
    (
        "thing.gemspec",
        "s.add_dependency 'a', '~> 1'\n",
        "s.add_dependency 'a', '~> 2'\ns.add_runtime_dependency(%q<b>.freeze)\n",
        ["b"],
    ),
    swap("Gemfile.lock", GEMLOCK, "7.0.0", "7.1.0-x86_64-linux"),
    swap("Gemfile.lock", GEMLOCK, "    rails (", "    evil (1.0)\n    rails (", "evil from gem https://rubygems.org"),
    swap(
        "Gemfile.lock",
        GEMLOCK,
        "GEM\n  remote: https://rubygems.org/",
        "GIT\n  remote: https://e.org/r.git",
        "rails from git https://e.org/r",
    ),
    edit("composer.json", COMPOSER, "require", {"a/left": "^2"}),
    edit("composer.json", COMPOSER, "require", {"A/Evil": "^2", "ext-curl": "*"}, "a/evil", "ext-curl"),
    edit(
        "composer.json",
        COMPOSER,
        "repositories",
        [{"type": "vcs", "url": "https://e.org"}],
        "the repository https://e.org",
    ),
    edit(
        "composer.lock",
        COMPOSER_LOCK,
        "packages/0",
        {"dist": {"url": "https://api.github.com/repos/a/left/zipball/def2", "reference": "def2"}, "version": "2"},
    ),
    edit(
        "composer.lock",
        COMPOSER_LOCK,
        "packages/0/dist",
        {"url": "https://e.org/abc1", "reference": "abc1"},
        "a/left from https://e.org",
    ),
    edit("composer.lock", COMPOSER_LOCK, "packages-dev", [{"name": "a/evil"}], "a/evil"),
]


@pytest.mark.parametrize(("path", "before", "after", "told"), ROWS, ids=[f"{n}-{r[0]}" for n, r in enumerate(ROWS)])
def test_what_is_new(path: str, before: str, after: str, told: list[str]) -> None:
    assert news(path, before, after) == told
