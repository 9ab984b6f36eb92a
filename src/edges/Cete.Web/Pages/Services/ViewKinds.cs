using Cete.Described;

namespace Cete.Web.Pages.Services;

/// <summary>
/// Which component shows which kind of view. A kind that is not here is shown as the description says (<see cref="ViewDescriptor.Fallback"/>), else as a
/// table; a component takes the <see cref="ViewPart"/> as its <c>Part</c>.
/// </summary>
internal static class ViewKinds
{
    private const string Table = "table";

    private static readonly Dictionary<string, Type> Components = new(StringComparer.Ordinal)
    {
        [Table] = typeof(TableView),
        ["list"] = typeof(ListView),
        ["detail"] = typeof(ListView),
        ["chat"] = typeof(ChatView),
        ["cards"] = typeof(CardsView),
        ["gallery"] = typeof(CardsView),
        ["board"] = typeof(BoardView),
        ["calendar"] = typeof(CalendarView),
        ["tree"] = typeof(TreeView),
        ["thread"] = typeof(TreeView),
        ["chart"] = typeof(ChartView),
        ["form"] = typeof(FormView),
        ["page"] = typeof(PageView),
    };

    /// <summary>The kind as which a view is shown.</summary>
    public static string Of(ViewDescriptor view) =>
        Components.ContainsKey(view.Kind) ? view.Kind : Components.ContainsKey(view.Fallback) ? view.Fallback : Table;

    /// <summary>What shows it.</summary>
    public static Type ComponentOf(ViewDescriptor view) => Components[Of(view)];
}
