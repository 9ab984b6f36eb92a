namespace Cete.App.Verbs.Open.Keys;

/// <summary>Which key it is.</summary>
internal enum KeyKind
{
    /// <summary>Something written: a letter, or a text that was pasted.</summary>
    Text,

    /// <summary>A letter with Ctrl.</summary>
    Control,
    Enter,
    Escape,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Help,

    /// <summary>A sequence that means nothing here.</summary>
    Unknown,
}

/// <summary>A key of a terminal.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Text">What was written; of <see cref="KeyKind.Control"/> the letter behind a ^.</param>
internal sealed record Key(KeyKind Kind, string Text = "")
{
    /// <summary>It is this letter, and nothing else was pasted with it.</summary>
    public bool Is(char letter) => Kind == KeyKind.Text && Text.Length == 1 && Text[0] == letter;

    /// <summary>It is this letter with Ctrl.</summary>
    public bool IsControl(char letter) => Kind == KeyKind.Control && Text.Length == 2 && Text[1] == letter;
}
