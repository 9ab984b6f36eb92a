"""A BitTorrent client (libtorrent 2) for tests. Prints one line of JSON and, while seeding, stays until its input ends.

    torrent_client.py show TORRENT
    torrent_client.py get TORRENT FOLDER [--peers-only]
    torrent_client.py seed TORRENT FOLDER
"""
import json
import sys
import time

import libtorrent as lt

PATIENCE = 120


def session():
    return lt.session({
        "listen_interfaces": "127.0.0.1:0",
        "enable_dht": False,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "allow_multiple_connections_per_ip": True,
        "alert_mask": lt.alert.category_t.all_categories,
    })


def add(client, torrent, folder, peers_only):
    wanted = lt.add_torrent_params()
    wanted.ti = torrent
    wanted.save_path = folder
    if peers_only:
        wanted.url_seeds = []
        wanted.flags |= lt.torrent_flags.override_web_seeds
    return client.add_torrent(wanted)


def wait(client, done, what):
    """Looks at what happens until it is done; what went wrong is told at the end of the patience."""
    seen = []
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        client.wait_for_alert(500)
        for alert in client.pop_alerts():
            if done(alert):
                return
            if alert.category() & (lt.alert.category_t.error_notification | lt.alert.category_t.tracker_notification):
                seen.append(alert.message())
    sys.exit(f"in {PATIENCE} s it did not come true that {what}; {seen[-20:]}")


def main():
    what, path, *rest = sys.argv[1:]
    torrent = lt.torrent_info(path)
    hashes = torrent.info_hashes()
    if what == "show":
        files = torrent.files()
        names = [files.file_path(i) for i in range(files.num_files()) if not files.file_flags(i) & lt.file_flags_t.flag_pad_file]
        print(json.dumps({"v1": str(hashes.v1), "v2": str(hashes.v2), "files": names}))
        return

    client = session()
    handle = add(client, torrent, rest[0], "--peers-only" in rest or what == "seed")
    if what == "get":
        wait(client, lambda alert: isinstance(alert, lt.torrent_finished_alert), "all is there")
        print(json.dumps({"length": handle.status().total_wanted_done, "from_seeds": len(handle.url_seeds())}))
        return

    announced = set()

    def is_known(alert):
        if isinstance(alert, lt.tracker_reply_alert):
            announced.add(str(alert.message()))
        return handle.status().is_seeding and len(announced) > 0

    wait(client, is_known, "it seeds and the tracker knows")
    print(json.dumps({"seeding": True}), flush=True)
    sys.stdin.read()


main()
