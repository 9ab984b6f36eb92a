using Cete.Described;

namespace Cete.App.Verbs.Open.Model;

/// <summary>As which kinds views are shown here; one that is not known is shown as its description says, else as a table.</summary>
internal static class ViewShapes
{
    private static readonly string[] Known =
        ["table", "list", "cards", "board", "calendar", "tree", "thread", "chat", "gallery", "detail", "form", "chart", "page"];

    /// <summary>The kind as which a view is shown.</summary>
    public static string Of(ViewDescriptor view)
    {
        var kind = Known.Contains(view.Kind) ? view.Kind : Known.Contains(view.Fallback) ? view.Fallback : "table";
        return kind switch { "gallery" => "cards", "thread" => "tree", "detail" => "list", _ => kind };
    }

    /// <summary>The view in which the records of a kind are shown that hang on another one.</summary>
    public static ViewDescriptor ForKind(ServiceDescriptor service, RecordKind kind) =>
        service.Views.FirstOrDefault(view => view.Records == kind.Name && Of(view) is not ("form" or "chart" or "page" or "calendar"))
        ?? new ViewDescriptor(kind.Name, "table", kind.Title) { Records = kind.Name, Sort = ["-id"] };

    /// <summary>It shows all at once and not page by page.</summary>
    public static bool IsAtOnce(string shape) => shape is "board" or "calendar" or "tree";
}
