using System.Buffers.Text;
using System.Text;

namespace Cete.Api;

/// <summary>The addresses of the http port.</summary>
public static class Routes
{
    /// <summary>The document that describes all below <c>/api</c> (OpenAPI).</summary>
    public const string Document = "/api/openapi.json";

    /// <summary>How the node stands.</summary>
    public const string Status = "/api/status";

    /// <summary>The node examines itself, and tells what it finds.</summary>
    public const string Doctor = "/api/doctor";

    /// <summary>The server list.</summary>
    public const string Servers = "/api/servers";

    /// <summary>Shows that a node belongs to the community that it names: <c>?challenge=</c> 64 hexadecimal digits of the asker's choice.</summary>
    public const string Identity = "/api/identity";

    /// <summary>Tokens to join with.</summary>
    public const string Tokens = "/api/tokens";

    /// <summary>Tokens for nodes of one's own, for members that may have some.</summary>
    public const string OwnTokens = "/api/me/node-tokens";

    /// <summary>Which node roles members take by themselves: to see it (GET), to set it (PUT).</summary>
    public const string SelfService = "/api/self-service";

    /// <summary>Nodes of the community, for its administrators.</summary>
    public const string Nodes = "/api/nodes";

    /// <summary>The groups that the node has replicas of; below it their roots, for administrators.</summary>
    public const string Groups = "/api/groups";

    /// <summary>Snapshots of groups, for administrators: <c>/api/backups/index</c>.</summary>
    public const string Backups = "/api/backups";

    /// <summary>Has the node's groups import nothing from others for a while (POST), for administrators.</summary>
    public const string BackupPause = "/api/backups/pause";

    /// <summary>Takes the node's replicas away from it (POST), or lets it have them again (DELETE); for whoever has the node's key.</summary>
    public const string Drain = "/api/drain";

    /// <summary>Accounts: to register (POST), to see who there is (GET), by name below it.</summary>
    public const string Accounts = "/api/accounts";

    /// <summary>Who asks, and what is its own.</summary>
    public const string Me = "/api/me";

    /// <summary>Sessions: to log in (POST), to see one's own (GET), to end them below it.</summary>
    public const string Sessions = "/api/sessions";

    /// <summary>Tokens by which programs act for an account.</summary>
    public const string ApiTokens = "/api/me/tokens";

    /// <summary>Devices of one's own account: to see them (GET), to add (POST) and remove one (DELETE) by a statement that another device signed.</summary>
    public const string Devices = "/api/me/devices";

    /// <summary>Passkeys of one's own account, which browsers make on its page.</summary>
    public const string Passkeys = "/api/me/passkeys";

    /// <summary>Recovery codes of one's own account, of which nodes are told the public keys.</summary>
    public const string RecoveryKeys = "/api/me/recovery-keys";

    /// <summary>The second factor of one's own account: to begin (POST), to confirm (PUT), to remove (DELETE).</summary>
    public const string SecondFactor = "/api/me/second-factor";

    /// <summary>Accounts that are brought back by a recovery code.</summary>
    public const string Recoveries = "/api/recoveries";

    /// <summary>How the community's ledger stands, and what was decided about its credits; to decide (PUT), by a signed policy.</summary>
    public const string Bank = "/api/bank";

    /// <summary>What one's own account has.</summary>
    public const string Balance = "/api/bank/balance";

    /// <summary>What came to and went from one's own account; as a table, with <c>.csv</c> behind it.</summary>
    public const string Statement = "/api/bank/statement";

    /// <summary>Transfers that are ordered by a signed list (POST).</summary>
    public const string Transfers = "/api/bank/transfers";

    /// <summary>Channels: one's own (GET), to open, change or close one by what is signed (POST), each one below it.</summary>
    public const string Channels = "/api/bank/channels";

    /// <summary>Vouchers that are redeemed (POST).</summary>
    public const string Vouchers = "/api/bank/vouchers";

    /// <summary>What nodes earned that nobody owned goes to an account (POST), by what the node's key signed.</summary>
    public const string Claims = "/api/bank/claims";

    /// <summary>How many credits there are, and where.</summary>
    public const string Supply = "/api/bank/supply";

    /// <summary>How credits stand, how they came to it day by day, and what somebody should look at.</summary>
    public const string Figures = "/api/bank/figures";

    /// <summary>The whole journal, to be looked at elsewhere.</summary>
    public const string Journal = "/api/bank/journal";

    /// <summary>What shows that a transfer is in the journal: its id, or its number, below it.</summary>
    public const string Receipts = "/api/bank/receipts";

    /// <summary>Signed acts of those who keep order.</summary>
    public const string Acts = "/api/acts";

    /// <summary>Invitations to register.</summary>
    public const string Invitations = "/api/invitations";

    /// <summary>Roles of accounts, and who may register.</summary>
    public const string AccountRoles = "/api/roles";

    /// <summary>Keys that issue certificates.</summary>
    public const string Issuers = "/api/issuers";

    /// <summary>The server list each time it changes, as server-sent events.</summary>
    public const string ServersLive = "/api/servers/live";
    public const string Folders = "/api/folders";
    public const string Entries = "/api/entries";

    /// <summary>What changes in a folder from a cursor on; it waits for it.</summary>
    public const string Changes = "/api/changes";
    public const string EntryByPath = "/api/entries/by-path";
    public const string Suggestions = "/api/suggestions";

    /// <summary>Files and records of all services that hold some words: <c>?q=words&amp;kind=files</c>.</summary>
    public const string Search = "/api/search";

    /// <summary>Suggestions as OpenSearch has them.</summary>
    public const string SuggestionsForBrowsers = "/suggestions";
    public const string Moves = "/api/moves";
    public const string Removals = "/api/removals";

    /// <summary>All about reports, take-downs and appeals stands below it.</summary>
    public const string Moderation = "/api/moderation";

    /// <summary>Contents that moderators took down: to see them (GET), to take one down (POST).</summary>
    public const string TakeDowns = "/api/moderation/take-downs";

    /// <summary>Contents are put back (POST).</summary>
    public const string PutBacks = "/api/moderation/put-backs";

    /// <summary>What was reported of contents: to report (POST); moderators see it (GET).</summary>
    public const string ContentReports = "/api/moderation/reports";

    /// <summary>Reports of a content need nothing to be done (POST).</summary>
    public const string Dismissals = "/api/moderation/dismissals";

    /// <summary>Appeals against take-downs: to appeal (POST); moderators see them (GET).</summary>
    public const string Appeals = "/api/moderation/appeals";

    /// <summary>Appeals are decided (POST).</summary>
    public const string Decisions = "/api/moderation/decisions";

    /// <summary>What moderators did about contents; they see more of it than others.</summary>
    public const string ModerationLog = "/api/moderation/log";

    public const string Known = "/api/contents/known";

    /// <summary>A provider holds contents no more (POST).</summary>
    public const string Withdrawals = "/api/contents/withdrawals";
    public const string Contents = "/api/contents";

    /// <summary>Many small contents in one answer.</summary>
    public const string Bundle = "/api/contents/bundle";
    public const string Uploads = "/api/uploads";
    public const string Content = "/content";

    /// <summary>What peers of a swarm ask each other: <c>/swarm/ROOT/have</c>.</summary>
    public const string Swarm = "/swarm";

    /// <summary>The first device of one's own account.</summary>
    public const string FirstDevice = "/api/me/devices/first";

    /// <summary>Rights to download one content, bound to a key.</summary>
    public const string Tickets = "/api/tickets";

    /// <summary>Addresses by which anybody can download one content for a while.</summary>
    public const string Capabilities = "/api/capabilities";

    /// <summary>In an address of a content: the right to it, as <c>?capability=TEXT</c>.</summary>
    public const string Capability = "capability";

    /// <summary>Content by the path of its entry: <c>/files/music/song.ogg</c>.</summary>
    public const string Files = "/files";

    /// <summary>Content by its path in a folder, for clients of BitTorrent that add names to the address of a web seed (BEP 19).</summary>
    public const string Seeds = "/seeds";

    /// <summary>A tracker for clients of BitTorrent. libtorrent takes no other path on a loopback address.</summary>
    public const string Announce = "/announce";
    public const string Scrape = "/scrape";

    /// <summary>Folders in formats of others: <c>/as/music.torrent?folder=/music</c>.</summary>
    public const string FolderAs = "/as";
    public const string TorrentEnding = ".torrent";
    public const string MetalinkEnding = ".meta4";
    public const string PlaylistEnding = ".m3u8";

    /// <summary>What is new in a folder or a search: <c>?folder=/music&amp;q=words</c>.</summary>
    public const string Atom = "/feeds/atom";
    public const string Rss = "/feeds/rss";

    /// <summary>The search, for a browser's own box.</summary>
    public const string OpenSearch = "/opensearch.xml";

    /// <summary>The ID file of an entry: <c>/entries/17/NAME.cete</c>.</summary>
    public static string IdFile(long entry, string name) => $"/entries/{entry}/{Uri.EscapeDataString(name)}.cete";

    /// <summary>An entry in a format of others: <c>/entries/17/NAME.torrent</c>.</summary>
    public static string EntryAs(long entry, string name, string ending) => $"/entries/{entry}/{Uri.EscapeDataString(name)}{ending}";

    /// <summary>A content in a format of others, under the name it is to be saved by.</summary>
    public static string ContentAs(string root, string name, string ending) => $"{FolderAs}/{root}/{Uri.EscapeDataString(name)}{ending}";

    /// <summary>Content by the path of its entry.</summary>
    public static string FileAt(string path) => Files + string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    /// <summary>A feed of a folder and of what is below it, or of a search in it.</summary>
    public static string FeedOf(string feed, string folder, string? words) =>
        $"{feed}?folder={Uri.EscapeDataString(folder)}{(words is null ? string.Empty : "&q=" + Uri.EscapeDataString(words))}";

    /// <summary>The magnet link of an entry, as a redirection.</summary>
    public static string EntryMagnet(long entry) => $"/entries/{entry}/magnet";

    /// <summary>A folder in a format of others.</summary>
    public static string FolderFile(string folder, string name, string ending) =>
        $"{FolderAs}/{Uri.EscapeDataString(name)}{ending}?folder={Uri.EscapeDataString(folder)}";

    /// <summary>The magnet link of a folder, as a redirection.</summary>
    public static string FolderMagnet(string folder) => $"{FolderAs}/magnet?folder={Uri.EscapeDataString(folder)}";

    /// <summary>The web seed of a folder: the client adds the torrent's name and the path of a file, so the folder is packed into one name.</summary>
    public static string SeedOf(string folder) => $"{Seeds}/{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(folder))}/";

    /// <summary>The folder of a web seed; null when it is none.</summary>
    public static string? FolderOfSeed(string packed) =>
        Base64Url.IsValid(packed) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(packed)) : null;

    /// <summary>Content under the name it is to be saved by.</summary>
    public static string ContentOf(string root, string name) => $"{Content}/{root}/{Uri.EscapeDataString(name)}";

    /// <summary>Described services, each with an API of its own below.</summary>
    public const string Services = "/api/services";

    /// <summary>One of them: to see its description (GET), to publish it (PUT), to withdraw it (DELETE).</summary>
    public static string Service(string name) => $"{Services}/{Uri.EscapeDataString(name)}";

    /// <summary>Its editions; one of them below.</summary>
    public static string Editions(string service) => $"{Service(service)}/editions";

    /// <summary>Its records of a kind; each of them below, by its number.</summary>
    public static string Records(string service, string kind) => $"{Service(service)}/records/{Uri.EscapeDataString(kind)}";

    /// <summary>What whoever asks may do with records of a kind, or with the one that <c>?record=</c> names.</summary>
    public static string May(string service, string kind) => $"{Service(service)}/may/{Uri.EscapeDataString(kind)}";

    /// <summary>How many of them have each value of a field alike.</summary>
    public static string RecordGroups(string service, string kind) => $"{Service(service)}/groups/{Uri.EscapeDataString(kind)}";

    /// <summary>Something that can be done there (POST), to the record that <c>?record=</c> names where it is done to one.</summary>
    public static string Action(string service, string action) => $"{Service(service)}/actions/{Uri.EscapeDataString(action)}";

    /// <summary>What it would cost to make such a record (POST, with the same body).</summary>
    public static string RecordPrice(string service, string kind) => $"{Records(service, kind)}/price";

    /// <summary>What an action would cost (POST, with the same body).</summary>
    public static string ActionPrice(string service, string action) => $"{Action(service, action)}/price";

    /// <summary>What one paid services.</summary>
    public const string ServicePayments = "/api/service-payments";

    /// <summary>What happens to its records: server-sent events, or a page of them from <c>?after=</c> on.</summary>
    public static string RecordChanges(string service) => $"{Service(service)}/changes";

    /// <summary>Its records in formats of other programs.</summary>
    public static string Feeds(string service) => $"{Service(service)}/feeds";

    /// <summary>One of them: a file to read (GET); below it <c>import</c> and <c>key</c>.</summary>
    public static string Feed(string service, string feed) => $"{Feeds(service)}/{Uri.EscapeDataString(feed)}";

    /// <summary>Takes in a file of its format (POST).</summary>
    public static string FeedImport(string service, string feed) => $"{Feed(service, feed)}/import";

    /// <summary>Makes an address by which programs read it that cannot log in (POST).</summary>
    public static string FeedKey(string service, string feed) => $"{Feed(service, feed)}/key";

    /// <summary>Leaves of a content, with the hashes to verify each by.</summary>
    public static string Leaves(string root) => $"{Swarm}/{root}/leaves";

    public static string Sources(string root) => $"{Contents}/{root}/sources";

    /// <summary>Hands in the manifest of a content that the node does not hold, as an ID file.</summary>
    public static string ManifestOf(string root) => $"{Contents}/{root}/manifest";

    public static string IdFileOfContent(string root) => $"{Contents}/{root}/id-file";

    public static string Reports(string root) => $"{Contents}/{root}/reports";

    /// <summary>Where peers report, and are told whom to ask.</summary>
    public static string Announces(string root) => $"{Contents}/{root}/announces";

    /// <summary>Where peers tell what they have whole, whether or not somebody wants it now.</summary>
    public const string Holdings = "/api/holdings";

    /// <summary>Which pieces of a content a peer has.</summary>
    public static string Have(string root) => $"{Swarm}/{root}/have";

    /// <summary>Where a peer is told what another one has.</summary>
    public static string Tell(string root) => $"{Swarm}/{root}/tell";

    public static string Upload(string id) => $"{Uploads}/{id}";

    public static string UploadManifest(string id) => $"{Uploads}/{id}/manifest";

    public static string UploadFinish(string id) => $"{Uploads}/{id}/finish";
}

/// <summary>Header fields that are Cete's own or not in the framework's lists.</summary>
public static class Headers
{
    /// <summary>Makes a command happen once: <c>SESSION/SEQUENCE</c> (after the IETF draft of the Idempotency-Key field).</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>The index of a group's log at which what is sent stands.</summary>
    public const string Index = "Cete-Index";

    /// <summary>Version of the newest server list, in every answer of the API.</summary>
    public const string Servers = "Cete-Servers";

    /// <summary>Shows that a request is the administrator's.</summary>
    public const string Administrator = "Cete-Administrator";

    /// <summary>The right to the content that is asked for, at the peer door.</summary>
    public const string Ticket = "Cete-Ticket";

    /// <summary>The channel that pays for the content that is asked for: 32 hexadecimal digits.</summary>
    public const string Channel = "Cete-Channel";

    /// <summary>What is promised for what came so far: a voucher, base64url.</summary>
    public const string Voucher = "Cete-Voucher";

    /// <summary>Nothing is paid for the content that is asked for, and whoever pays goes before: <c>1</c>, where the community lets those come last.</summary>
    public const string Last = "Cete-Last";

    /// <summary>Where in an upload the body belongs (after the IETF draft of resumable uploads).</summary>
    public const string UploadOffset = "Upload-Offset";
}
