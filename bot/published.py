"""Letters that leads published in chat, over those in files, exchanged while the program runs."""

from collections.abc import Callable, Mapping

from jinja2 import BaseLoader, Environment

#: What errors call the place of such a text: chat/da/reply/declined.j2
PLACE = "chat"


class PublishedTexts(BaseLoader):
    """Finds a template in the published texts and then in `files`. A new set counts from the next template on."""

    def __init__(self, files: BaseLoader, texts: Mapping[str, str] | None = None) -> None:
        self._files = files
        self._texts: Mapping[str, str] = texts or {}
        #: What the caller knows the texts by, to see whether there are others.
        self.seen: object = None

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts that count now, by name: da/reply/declined.j2."""
        return self._texts

    def exchange(self, texts: Mapping[str, str], seen: object) -> None:
        """From here on these count, and no other."""
        self._texts, self.seen = dict(texts), seen

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool]]:
        """As Jinja asks for it; what was compiled is fresh as long as its own text is the same."""
        text = self._texts.get(template)
        if text is not None:
            return text, f"{PLACE}/{template}", lambda: self._texts.get(template) == text
        source, filename, is_fresh = self._files.get_source(environment, template)
        return source, filename, lambda: template not in self._texts and (is_fresh is None or is_fresh())
