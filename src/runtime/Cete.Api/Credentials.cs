namespace Cete.Api;

/// <summary>A device of an account: a key that signs for it.</summary>
/// <param name="Id">The name of its signing key.</param>
/// <param name="Label">What its owner calls it.</param>
/// <param name="Added">When it was added.</param>
/// <param name="Removed">When it was removed; absent while it may sign. It is listed for 90 days from then on.</param>
/// <param name="IsCurrent">The session that asks is on it.</param>
public sealed record DeviceInfo(string Id, string Label, DateTimeOffset Added, DateTimeOffset? Removed, bool IsCurrent);

/// <summary>Devices of an account, the first first.</summary>
public sealed record DeviceList(IReadOnlyList<DeviceInfo> Devices);

/// <summary>The first device of an account is to be added, which has none that could sign for it.</summary>
/// <param name="Device">The device.</param>
/// <param name="Password">The account's; absent where it has none.</param>
public sealed record FirstDeviceRequest(DeviceRequest? Device, string? Password = null);

/// <summary>Recovery codes are to be replaced; those from before count no longer.</summary>
/// <param name="Keys">Public keys of the new ones (SubjectPublicKeyInfo, P-256), 10 at most.</param>
/// <param name="Statement">The same keys, signed by a device of the account for 'accounts.recovery-keys'; absent where it has no device.</param>
/// <param name="Password">The account's, where nothing is signed.</param>
public sealed record RecoveryKeysRequest(IReadOnlyList<byte[]>? Keys, byte[]? Statement = null, string? Password = null);

/// <summary>An account is to be brought back: its password is set, its second factor removed, and all its sessions end.</summary>
/// <param name="Name">The account's name.</param>
/// <param name="Password">The new one.</param>
/// <param name="Statement">Signed with a recovery code for 'accounts.recover'; it may name a device that is added. So no node is shown the code.</param>
/// <param name="Code">The recovery code itself, from a client that cannot sign.</param>
public sealed record RecoveryRequest(string? Name, string? Password, byte[]? Statement = null, string? Code = null);

/// <summary>A second factor that counts once it is confirmed by a code.</summary>
/// <param name="Secret">For whoever types it into an authenticator (base32).</param>
/// <param name="Uri">The same as an 'otpauth' URI, for a QR code.</param>
public sealed record SecondFactorAnswer(string Secret, string Uri);

/// <summary>A code of the second factor.</summary>
/// <param name="Code">Six digits. Each counts once.</param>
public sealed record CodeRequest(string? Code);

/// <summary>A passkey of one's own account.</summary>
/// <param name="Id">In base64url.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Added">When it was added.</param>
/// <param name="Used">When it was last used; null for never.</param>
public sealed record PasskeyInfo(string Id, string Label, DateTimeOffset Added, DateTimeOffset? Used);

/// <summary>The passkeys of one's own account.</summary>
public sealed record PasskeyList(IReadOnlyList<PasskeyInfo> Passkeys);
