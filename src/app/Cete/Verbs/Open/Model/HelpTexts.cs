namespace Cete.App.Verbs.Open.Model;

/// <summary>What keys do, in words.</summary>
internal static class HelpTexts
{
    /// <summary>The keys of a screen.</summary>
    public static IReadOnlyList<string> Of(Screen screen) => [.. Own(screen), string.Empty, .. Common];

    private static IReadOnlyList<string> Common =>
    [
        "?, F1        these keys (F1 where one types)",
        "Ctrl-L       read it again",
        "Ctrl-C       end",
        string.Empty,
        "What others change comes in by itself.",
    ];

    private static IReadOnlyList<string> Own(Screen screen) => screen switch
    {
        ViewScreen view =>
        [
            "Up, Down     pick a line; j and k do the same",
            "PgUp, PgDn   a page; Home, End: the first, the last",
            "Enter        open it",
            "n            add one" + (view.Shape == "chat" ? "; in a talk: say something" : string.Empty),
            "a            what can be done to it",
            "/            search the texts",
            "f            filter, in the language of rules",
            "s            sort",
            "d            what was deleted, to bring it back",
            "v, Tab       other views",
            .. view.Shape == "calendar" ? (string[])["[, ]         the month before, the next one"] : [],
            .. view.Shape == "board" ? (string[])["Left, Right  the column beside"] : [],
            "r            read it again",
            "Esc, q       back",
        ],
        RecordScreen =>
        [
            "Up, Down     move by lines; Tab: to what can be opened",
            "Enter        open what the line leads to",
            "a            what can be done to it",
            "e            change it",
            "n            add something to it",
            "h            what happened to it",
            "Del, D       delete it",
            "v            other views",
            "Esc, q       back",
        ],
        FormScreen =>
        [
            "Tab, Enter   the next field; Shift-Tab: the one before",
            "Space        choose, where there are choices",
            "Ctrl-E       write it in your editor ($VISUAL, $EDITOR)",
            "Ctrl-U       empty the line; Ctrl-W: the word before",
            "Ctrl-S       send it",
            "Esc          leave",
        ],
        MenuScreen =>
        [
            "Up, Down     pick",
            "letters      only what has them",
            "Space        tick, where several can be chosen",
            "Enter        choose",
            "Esc          leave",
        ],
        ConfirmScreen => ["y            yes", "n, Esc       no"],
        _ => ["Enter        go on", "Esc          leave"],
    };
}
