namespace Cete.App.Verbs.Open.Model;

/// <summary>One step of the model: what it becomes, and what it wants to be done.</summary>
/// <param name="model">What it was.</param>
internal sealed class Turn(OpenModel model)
{
    public OpenModel Model { get; set; } = model;

    public List<Effect> Effects { get; } = [];

    public Scene Scene => Model.Scene;

    public Screen Top => Model.Top;

    /// <summary>What is read, with menus and questions above it or not; null where it is none yet.</summary>
    public Screen? Base => Model.Screens.LastOrDefault(screen => screen is ViewScreen or RecordScreen);

    /// <summary>A number for a question.</summary>
    public long NewAsk()
    {
        Model = Model with { LastAsk = Model.LastAsk + 1 };
        return Model.LastAsk;
    }

    public void Do(Effect effect) => Effects.Add(effect);

    public void Push(Screen screen) => Model = Model with { Screens = [.. Model.Screens, screen] };

    /// <summary>Takes away what is on top; false where nothing lies below.</summary>
    public bool Pop()
    {
        if (Model.Screens.Count <= 1)
        {
            return false;
        }

        Model = Model with { Screens = [.. Model.Screens.Take(Model.Screens.Count - 1)] };
        return true;
    }

    /// <summary>What is on top becomes another.</summary>
    public void Replace(Screen screen) => Model = Model with { Screens = [.. Model.Screens.Take(Model.Screens.Count - 1), screen] };

    /// <summary>A screen, wherever it lies, becomes another.</summary>
    public void Replace(Screen was, Screen screen) =>
        Model = Model with { Screens = [.. Model.Screens.Select(each => ReferenceEquals(each, was) ? screen : each)] };

    public void Say(string notice) => Model = Model with { Notice = notice, IsFault = false };

    public void Refuse(string notice) => Model = Model with { Notice = notice, IsFault = true };
}
