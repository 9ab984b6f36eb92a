using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>
/// Who may hand in which command, as far as the asker tells. What gives or takes rights is not here: that is signed, and
/// <see cref="AccountsMachine"/> asks its own tables.
/// </summary>
internal static class AskerRights
{
    public static Failure? Check(IMessage command, Asker asker) => command switch
    {
        Begin or UpgradeCredential or Prune => Node(command, asker),
        OpenSession c => c.Kind == (int)SessionKind.Token && IsOwn(c.Account, asker) ? null : Node(command, asker),
        UseStep c => IsOwn(c.Account, asker) ? null : Node(command, asker),
        EndSession c => Own(c.Account, asker),
        EndSessions c => Own(c.Account, asker),
        SetPassword c => Own(c.Account, asker),
        SetRecoveryKeys c => Own(c.Account, asker),
        AddFirstDevice c => Own(c.Account, asker),
        AddDelegate c => Own(c.Account, asker),
        RemoveDelegate c => Own(c.Account, asker),
        AddPasskey c => Own(c.Account, asker),
        RenamePasskey c => Own(c.Account, asker),
        RemovePasskey c => Own(c.Account, asker),
        SetSecondFactor c => Own(c.Account, asker),
        ConfirmSecondFactor c => Own(c.Account, asker),
        RemoveSecondFactor c => Own(c.Account, asker),
        SetPersonal c => Own(c.Account, asker),
        Close c => Own(c.Account, asker),
        CreateInvitation c => Own(c.Account, asker),
        RevokeInvitation c => Own(c.Account, asker),

        // To register is open as the rules say; the others bring a signature, which is looked at instead.
        Register or Recover or ChangeDevice or Govern => null,
        _ => new Failure(FailureKind.Forbidden, $"nobody may ask for {command.Descriptor.Name}"),
    };

    private static bool IsOwn(ByteString account, Asker asker) => AccountId.TryParse(asker.Account, out var id) && id == new AccountId(account.Span);

    private static Failure? Own(ByteString account, Asker asker) =>
        IsOwn(account, asker) ? null : new Failure(FailureKind.Forbidden, $"only the account {new AccountId(account.Span)} itself may ask for this");

    /// <summary>A node is named by its key, whoever sits at its own machine is local; an account is neither, whatever its roles are called.</summary>
    private static Failure? Node(IMessage command, Asker asker)
    {
        var isNode = KeyId.TryParse(asker.Account, out _) && asker.Roles.Contains(AccountsMachine.AccountsRole);
        return isNode || (asker.Account == Asker.Local.Account && asker.Roles.Contains(RoleDefinition.Administrator))
            ? null
            : new Failure(FailureKind.Forbidden, $"{command.Descriptor.Name} is for nodes with the role '{AccountsMachine.AccountsRole}'");
    }
}
