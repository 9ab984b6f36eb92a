using Cete.Accounts;

namespace Cete.Web.Pages.Accounts;

// Razor makes its components public, and with them what they are given.

/// <summary>Something to be said above a form.</summary>
/// <param name="Text">What.</param>
/// <param name="IsFault">It went wrong.</param>
public sealed record Notice(string Text, bool IsFault);

/// <summary>The page for logging in.</summary>
/// <param name="Name">As typed before.</param>
/// <param name="Next">Where one goes on.</param>
/// <param name="AsksCode">The password was right, and a second factor is needed.</param>
/// <param name="Notice">What is to be said; null for nothing.</param>
/// <param name="MayRegister">Whoever has no account can make one here.</param>
/// <param name="Passkey">How a passkey is asked for; null where the community has no domain.</param>
public sealed record LogInModel(string Name, string Next, bool AsksCode, Notice? Notice, bool MayRegister, PasskeyAsked? Passkey);

/// <summary>What a browser is told when it is to ask for a passkey.</summary>
/// <param name="Domain">The relying party's id.</param>
/// <param name="Challenge">What is to be signed, in base64url.</param>
/// <param name="Ids">Passkeys, in base64url: those that are asked for, none for whichever there are; or those that are there already.</param>
public sealed record PasskeyAsked(string Domain, string Challenge, IReadOnlyList<string> Ids)
{
    /// <summary>Of whom one is to be made: the id of the account in base64url.</summary>
    public string User { get; init; } = string.Empty;
}

/// <summary>For whom a browser signs.</summary>
/// <param name="Community">Id of the community.</param>
/// <param name="Account">Id of the account; empty where there is none yet.</param>
/// <param name="Devices">Ids of the devices that may sign for it.</param>
/// <param name="Label">What this browser is called as a device.</param>
public sealed record SignerFacts(string Community, string Account, IReadOnlyList<string> Devices, string Label);

/// <summary>The page for making an account.</summary>
/// <param name="Name">As typed before.</param>
/// <param name="DisplayName">As typed before.</param>
/// <param name="Invitation">As typed before, or as the link has it.</param>
/// <param name="Next">Where one goes on.</param>
/// <param name="Registration">Who may make one.</param>
/// <param name="Notice">What is to be said; null for nothing.</param>
/// <param name="Signer">Makes the browser a device of the account.</param>
public sealed record RegisterModel(
    string Name, string DisplayName, string Invitation, string Next, Registration Registration, Notice? Notice, SignerFacts Signer);

/// <summary>What is shown once, when an account was made.</summary>
/// <param name="Name">Of the account.</param>
/// <param name="Codes">Its recovery codes.</param>
/// <param name="Next">Where one goes on.</param>
/// <param name="IsLoggedIn">One is logged in already.</param>
/// <param name="Signer">The account, with the browser as its device where it is one.</param>
public sealed record WelcomeModel(string Name, IReadOnlyList<string> Codes, string Next, bool IsLoggedIn, SignerFacts Signer);

/// <summary>The page for those who have forgotten their password.</summary>
/// <param name="Name">As typed before.</param>
/// <param name="Notice">What is to be said; null for nothing.</param>
/// <param name="Signer">Makes the browser a device of the account.</param>
public sealed record RecoverModel(string Name, Notice? Notice, SignerFacts Signer);

/// <summary>The page of one's own account.</summary>
/// <param name="Account">The account.</param>
/// <param name="Session">Id of the session that asks.</param>
/// <param name="Sessions">Those that count, the newest first.</param>
/// <param name="Devices">Its devices that were not removed.</param>
/// <param name="Token">Of its forms.</param>
/// <param name="Section">Id of the section that <paramref name="Notice"/> is about.</param>
/// <param name="Notice">What is to be said; null for nothing.</param>
/// <param name="Signer">The account and its devices.</param>
public sealed record AccountModel(
    AccountRecord Account, string Session, IReadOnlyList<SessionRecord> Sessions, IReadOnlyList<DeviceRecord> Devices, string Token, string Section,
    Notice? Notice, SignerFacts Signer)
{
    /// <summary>What people call the community.</summary>
    public string Community { get; init; } = string.Empty;

    /// <summary>Its passkeys.</summary>
    public IReadOnlyList<PasskeyRecord> Passkeys { get; init; } = [];

    /// <summary>How a passkey is made; null where the community has no domain.</summary>
    public PasskeyAsked? Passkey { get; init; }

    /// <summary>Keys that nodes hold for it and that count.</summary>
    public IReadOnlyList<DelegateRecord> Delegates { get; init; } = [];

    /// <summary>The name of this node's key; empty where it keeps none for accounts.</summary>
    public string Node { get; init; } = string.Empty;

    /// <summary>Credits can be sent here.</summary>
    public bool CanSend { get; init; }

    /// <summary>What is to be said in a section.</summary>
    public Notice? In(string section) => section == Section ? Notice : null;
}

/// <summary>A browser asks to become a device.</summary>
/// <param name="Device">The browser.</param>
/// <param name="Text">What another device is to be shown.</param>
public sealed record DeviceAskModel(NewDevice Device, string Text);

/// <summary>A device that asks is to be approved.</summary>
/// <param name="Device">It.</param>
/// <param name="Token">Of the form.</param>
/// <param name="Signer">The account and its devices.</param>
public sealed record DeviceReadModel(NewDevice Device, string Token, SignerFacts Signer);

/// <summary>A node is to be let pay.</summary>
/// <param name="Delegate">Its key, and how far it may go.</param>
/// <param name="Token">Of the form.</param>
/// <param name="Signer">The account and its devices.</param>
public sealed record DelegateModel(DeviceAct.AddDelegate Delegate, string Token, SignerFacts Signer);

/// <summary>A second factor that is being set up.</summary>
/// <param name="Setup">What the authenticator is to be shown; null when it was shown before.</param>
/// <param name="Token">Of the form.</param>
/// <param name="Notice">What is to be said; null for nothing.</param>
public sealed record SecondFactorModel(SecondFactorSetup? Setup, string Token, Notice? Notice);
