"""Reads a feed as readers of feeds do (feedparser) and prints it as one line of JSON."""
import json
import sys

import feedparser

feed = feedparser.parse(sys.argv[1])
print(json.dumps({
    "bozo": bool(feed.bozo),
    "version": feed.version,
    "title": feed.feed.title,
    "entries": [{
        "id": entry.id,
        "title": entry.title,
        "link": entry.link,
        "enclosures": [[enclosure.href, int(enclosure.length), enclosure.type] for enclosure in entry.enclosures],
    } for entry in feed.entries],
}))
