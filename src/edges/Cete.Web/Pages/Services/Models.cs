using System.Globalization;
using Cete.Core;
using Cete.Described;
using Cete.Web.Pages.Accounts;
using Cete.Web.Services;

namespace Cete.Web.Pages.Services;

// Razor makes its components public, and with them what they are given.

/// <summary>A service as one visitor is shown it.</summary>
/// <param name="Info">What it is.</param>
/// <param name="Languages">In which he reads.</param>
/// <param name="Asker">What he may do.</param>
/// <param name="Now">Against which times are said.</param>
/// <param name="Token">Of his forms; empty where he can send none.</param>
/// <param name="NameOf">What an account is called.</param>
/// <param name="AccountOf">The account that is called so; null for none.</param>
public sealed record ServiceScene(
    ServiceInfo Info, Languages Languages, Standing Asker, Instant Now, string Token, Func<string, string> NameOf, Func<string, AccountId?> AccountOf)
{
    /// <summary>Its description.</summary>
    public ServiceDescriptor Service => Info.Descriptor;

    /// <summary>Its name.</summary>
    public string Name => Info.Name;

    /// <summary>What he calls it.</summary>
    public string Title => Say(Service.Title);

    /// <summary>Forms can be sent.</summary>
    public bool CanSend => Token.Length > 0;

    /// <summary>A text in his language.</summary>
    public string Say(Words words) => Texts.Show(Languages.Of(words));

    /// <summary>What the service lets him do with what stands on the page.</summary>
    public ServiceRights Rights { get; init; } = ServiceRights.None;

    /// <summary>What he may do with a kind of record, by forms.</summary>
    public Permissions RightsOn(string kind) => CanSend ? Rights.Of(kind) : Permissions.None;

    /// <summary>What he may do with a record, by forms.</summary>
    public Permissions RightsOn(RecordView record) => CanSend ? Rights.Of(record) : Permissions.None;

    /// <summary>Actions that may be done now: to a record, or to none.</summary>
    public IReadOnlyList<ActionDescriptor> ActionsOn(RecordView? record)
    {
        var names = record is null ? CanSend ? Rights.Actions : [] : RightsOn(record).Actions;
        return [.. Service.Actions.Where(action => action.On == record?.Kind && names.Contains(action.Name))];
    }

    /// <summary>What a record is called.</summary>
    public string LabelOf(RecordView record)
    {
        var label = Service.Record(record.Kind)?.Label is { } field ? ValueText.Short(this, field, record) : string.Empty;
        return label.Length > 0 ? label : Numbered(record.Id);
    }

    /// <summary>What a record is called of which nothing but its number is known.</summary>
    public static string Numbered(long id) => "#" + id.ToString(CultureInfo.InvariantCulture);

    /// <summary>The view in which records of a kind are listed.</summary>
    public ViewDescriptor? ListOf(string kind) =>
        Service.Views.FirstOrDefault(view => view.Records == kind && view.Kind is not ("form" or "detail" or "chart"));
}

/// <summary>All services.</summary>
/// <param name="Services">By name.</param>
public sealed record ServicesModel(IReadOnlyList<ServiceScene> Services)
{
    /// <summary>Whoever looks may hide records.</summary>
    public bool IsModerator { get; init; }
}

/// <summary>A view of a service as a page.</summary>
/// <param name="Part">The view.</param>
/// <param name="Notice">What is to be said; null for nothing.</param>
public sealed record ServiceModel(ViewPart Part, Notice? Notice)
{
    /// <summary>The service.</summary>
    public ServiceScene Scene => Part.Scene;
}

/// <summary>A record.</summary>
/// <param name="Scene">The service.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Record">The record.</param>
/// <param name="Pointing">Records that point to it, a part for each relation.</param>
/// <param name="History">What happened to it.</param>
/// <param name="Notice">What is to be said; null for nothing.</param>
public sealed record RecordModel(
    ServiceScene Scene, RecordKind Kind, RecordView Record, IReadOnlyList<ViewPart> Pointing, IReadOnlyList<RecordChange> History, Notice? Notice);

/// <summary>A record that is not there, for those who may show what is hidden.</summary>
/// <param name="Scene">The service.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Id">Its number.</param>
/// <param name="Message">Why it is not shown.</param>
public sealed record GoneModel(ServiceScene Scene, RecordKind Kind, long Id, string Message);

/// <summary>Records that were deleted.</summary>
/// <param name="Scene">The service.</param>
/// <param name="Kind">Their kind.</param>
/// <param name="Page">Those that one may bring back.</param>
/// <param name="IsFirst">The list begins here.</param>
/// <param name="Notice">What is to be said; null for nothing.</param>
public sealed record DeletedModel(ServiceScene Scene, RecordKind Kind, RecordPage Page, bool IsFirst, Notice? Notice);

/// <summary>What a service is.</summary>
/// <param name="Scene">The service.</param>
/// <param name="Editions">The newest first.</param>
/// <param name="MayPublish">The visitor may go back to an edition, or withdraw it.</param>
/// <param name="Request">Makes his form happen once.</param>
/// <param name="Notice">What is to be said; null for nothing.</param>
public sealed record AboutModel(ServiceScene Scene, IReadOnlyList<ServiceEdition> Editions, bool MayPublish, string Request, Notice? Notice)
{
    /// <summary>What came of taking in a file; null where none was.</summary>
    public Cete.Api.ImportReport? Import { get; init; }

    /// <summary>The feed that it was taken in by.</summary>
    public string Feed { get; init; } = string.Empty;

    /// <summary>What stood in it, as long as it is only rehearsed.</summary>
    public string Text { get; init; } = string.Empty;
}

/// <summary>A form by which a record is made or changed, or an action is done.</summary>
/// <param name="Scene">The service.</param>
/// <param name="Title">What it does.</param>
/// <param name="Action">Where it is sent.</param>
/// <param name="Button">What its button says.</param>
/// <param name="Fields">What it asks.</param>
/// <param name="Request">Makes it happen once.</param>
public sealed record FormModel(
    ServiceScene Scene, string Title, string Action, string Button, IReadOnlyList<FieldInput> Fields, string Request)
{
    /// <summary>The kind that it is about; null for none.</summary>
    public RecordKind? Kind { get; init; }

    /// <summary>The record as it stands; null for none.</summary>
    public RecordView? Record { get; init; }

    /// <summary>The revision that was seen; 0 where that does not matter.</summary>
    public long Revision { get; init; }

    /// <summary>The action that it is for; null for a record.</summary>
    public ActionDescriptor? Deed { get; init; }

    /// <summary>What sending it costs; null for nothing.</summary>
    public Offer? Offer { get; init; }

    /// <summary>What is asked before it is done; empty for nothing.</summary>
    public string Confirm { get; init; } = string.Empty;

    /// <summary>What is to be said; null for nothing.</summary>
    public Notice? Notice { get; init; }

    /// <summary>Where one comes to who sends it; null for the record.</summary>
    public string? BackTo { get; init; }

    /// <summary>Where one goes who does not send it.</summary>
    public string Back => Record is not null ? ServiceAddresses.Record(Scene.Name, Record.Kind, Record.Id)
        : Kind is not null && Scene.ListOf(Kind.Name) is { } list ? ServiceAddresses.View(Scene.Name, list.Name)
        : ServiceAddresses.Of(Scene.Name);
}

/// <summary>A field of a form.</summary>
/// <param name="Field">What it is.</param>
/// <param name="Text">What stands in it.</param>
public sealed record FieldInput(FieldDescriptor Field, string Text)
{
    /// <summary>Of a choice of several: those that are chosen.</summary>
    public IReadOnlyList<string> Chosen { get; init; } = [];

    /// <summary>What can be chosen: what is sent, and what people read. Empty where it is typed.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Choices { get; init; } = [];

    /// <summary>There are more than <see cref="Choices"/>.</summary>
    public bool HasMore { get; init; }

    /// <summary>What is wrong with it; null for nothing.</summary>
    public string? Error { get; init; }

    /// <summary>What somebody else has made of it meanwhile; null for nothing.</summary>
    public string? Theirs { get; init; }

    /// <summary>It is filled in by itself where nothing is said.</summary>
    public bool IsComputed => Field.Default is not null;

    /// <summary>It must be filled in.</summary>
    public bool IsNeeded => Field.IsRequired && !IsComputed;

    /// <summary>Its name in the form.</summary>
    public string Name => "f." + Field.Name;

    /// <summary>Its id on the page.</summary>
    public string Id => "f-" + Field.Name;

    /// <summary>Something is said beside it.</summary>
    public string? Described(bool hasHint) =>
        (hasHint, Error is not null) switch
        {
            (false, false) => null,
            (true, false) => Id + "-hint",
            (false, true) => Id + "-error",
            _ => $"{Id}-error {Id}-hint",
        };
}
