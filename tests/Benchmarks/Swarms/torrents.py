"""What BitTorrent's programs need beside them: torrents.py tracker ADDRESS PORT | make FILE OUT TRACKER PIECE | peer seed|leech TORRENT FOLDER PORT"""
import hashlib, http.server, os, socket, struct, sys, urllib.parse


def encode(x):
    if isinstance(x, int):
        return b"i%de" % x
    if isinstance(x, str):
        x = x.encode()
    if isinstance(x, bytes):
        return b"%d:%s" % (len(x), x)
    if isinstance(x, list):
        return b"l" + b"".join(map(encode, x)) + b"e"
    return b"d" + b"".join(encode(k) + encode(x[k]) for k in sorted(x)) + b"e"


def tracker(address, port):
    peers = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            query = urllib.parse.parse_qs(self.path.partition("?")[2], encoding="latin-1")
            me = socket.inet_aton(self.client_address[0]) + struct.pack(">H", int(query["port"][0]))
            swarm = peers.setdefault(query["info_hash"][0], {})
            swarm[me] = 1
            body = encode({"interval": 10, "min interval": 5, "peers": b"".join(p for p in swarm if p != me)})
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    http.server.ThreadingHTTPServer((address, int(port)), Handler).serve_forever()


def make(path, out, tracker_url, piece):
    pieces = []
    with open(path, "rb") as f:
        while block := f.read(int(piece)):
            pieces.append(hashlib.sha1(block).digest())
    info = {"name": os.path.basename(path), "length": os.path.getsize(path), "piece length": int(piece), "pieces": b"".join(pieces)}
    open(out, "wb").write(encode({"announce": tracker_url, "info": info}))


def peer(mode, torrent, folder, port):
    import libtorrent as lt
    session = lt.session({
        "listen_interfaces": f"0.0.0.0:{port}", "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
        "enable_outgoing_utp": False, "enable_incoming_utp": False, "allow_multiple_connections_per_ip": True, "out_enc_policy": 2, "in_enc_policy": 2,
        "alert_mask": lt.alert.category_t.status_notification})
    add = lt.add_torrent_params()
    add.ti = lt.torrent_info(torrent)
    add.save_path = folder
    add.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    if mode == "leech":
        sys.stdin.readline()
    handle = session.add_torrent(add)
    while True:
        session.wait_for_alert(60000)
        for alert in session.pop_alerts():
            if isinstance(alert, lt.torrent_finished_alert):
                open(f"{folder}/done", "w").close()


globals()[sys.argv[1]](*sys.argv[2:])
