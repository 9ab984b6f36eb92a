namespace Cete.Api;

/// <summary>The addresses of the http port.</summary>
public static class Routes
{
    public const string Status = "/api/status";
    public const string Folders = "/api/folders";
    public const string Entries = "/api/entries";
    public const string EntryByPath = "/api/entries/by-path";
    public const string Suggestions = "/api/suggestions";
    public const string Moves = "/api/moves";
    public const string Removals = "/api/removals";
    public const string Known = "/api/contents/known";
    public const string Contents = "/api/contents";
    public const string Uploads = "/api/uploads";
    public const string Content = "/content";

    /// <summary>The ID file of an entry: <c>/entries/17/NAME.cete</c>.</summary>
    public static string IdFile(long entry, string name) => $"/entries/{entry}/{Uri.EscapeDataString(name)}.cete";

    /// <summary>Content under the name it is to be saved by.</summary>
    public static string ContentOf(string root, string name) => $"{Content}/{root}/{Uri.EscapeDataString(name)}";

    public static string Sources(string root) => $"{Contents}/{root}/sources";

    public static string IdFileOfContent(string root) => $"{Contents}/{root}/id-file";

    public static string Reports(string root) => $"{Contents}/{root}/reports";

    public static string Upload(string id) => $"{Uploads}/{id}";

    public static string UploadManifest(string id) => $"{Uploads}/{id}/manifest";

    public static string UploadFinish(string id) => $"{Uploads}/{id}/finish";
}

/// <summary>Header fields that are Cete's own or not in the framework's lists.</summary>
public static class Headers
{
    /// <summary>Makes a command happen once: <c>SESSION/SEQUENCE</c> (after the IETF draft of the Idempotency-Key field).</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Where in an upload the body belongs (after the IETF draft of resumable uploads).</summary>
    public const string UploadOffset = "Upload-Offset";
}
