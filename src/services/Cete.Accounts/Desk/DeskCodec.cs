using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>Questions about accounts between nodes, as bytes.</summary>
internal static class DeskCodec
{
    public static ReadOnlyMemory<byte> AskSession(Hash256 secret) => new DeskRequest { Session = ByteString.CopyFrom(secret.ToArray()) }.ToByteArray();

    public static ReadOnlyMemory<byte> AskStandings(long since) => new DeskRequest { StandingsSince = since }.ToByteArray();

    /// <summary>What is asked; nothing for what makes no sense.</summary>
    public static (Hash256? Session, long? Since) ReadRequest(ReadOnlyMemory<byte> body)
    {
        try
        {
            var request = ProtobufBytes.Read(DeskRequest.Parser, body.Span);
            return request.RequestCase switch
            {
                DeskRequest.RequestOneofCase.Session when request.Session.Length == Hash256.Size => (new Hash256(request.Session.Span), null),
                DeskRequest.RequestOneofCase.StandingsSince when request.StandingsSince >= 0 => (null, request.StandingsSince),
                _ => default,
            };
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return default;
        }
    }

    public static Outcome<ReadOnlyMemory<byte>> Write(Outcome<SessionFacts> session) => Bytes(session.Failure is { } failure ? Fail(failure) : new DeskResponse
    {
        Session = new SessionFound
        {
            Account = ByteString.CopyFrom(session.Value.Account.ToArray()),
            Session = session.Value.Session,
            Kind = (int)session.Value.Kind,
            Grants = { session.Value.Grants.Select(grant => grant.Text) },
            ExpiresAt = session.Value.ExpiresAt.Microseconds,
            Device = session.Value.Device is { } device ? ByteString.CopyFrom(device.ToArray()) : ByteString.Empty,
        },
    });

    public static Outcome<ReadOnlyMemory<byte>> Write(Outcome<StandingsPage> page) => Bytes(page.Failure is { } failure ? Fail(failure) : new DeskResponse
    {
        Standings = new StandingsFound
        {
            Version = page.Value.Version,
            RolesVersion = page.Value.RolesVersion,
            Items = { page.Value.Items.Select(Write) },
            Guest = { page.Value.Guest.Select(grant => grant.Text) },
            IsMore = page.Value.IsMore,
        },
    });

    public static Outcome<SessionFacts> ReadSession(ReadOnlyMemory<byte> body) => Read<SessionFacts>(body, response =>
        response is { ResponseCase: DeskResponse.ResponseOneofCase.Session, Session: { Account.Length: AccountId.Size } found }
            && Enum.IsDefined((SessionKind)found.Kind) && ToGrants(found.Grants) is { } grants
            ? new SessionFacts(
                new AccountId(found.Account.Span), found.Session, (SessionKind)found.Kind, grants, new Instant(found.ExpiresAt),
                found.Device.Length == KeyId.Size ? new KeyId(found.Device.Span) : null)
            : Senseless);

    public static Outcome<StandingsPage> ReadStandings(ReadOnlyMemory<byte> body) => Read<StandingsPage>(body, response =>
        response is { ResponseCase: DeskResponse.ResponseOneofCase.Standings, Standings: { } found }
            && ToGrants(found.Guest) is { } guest && found.Items.Select(Read).ToList() is var items && items.TrueForAll(item => item is not null)
            ? new StandingsPage(found.Version, found.RolesVersion, [.. items.OfType<AccountStanding>()], guest, found.IsMore)
            : Senseless);

    private static Failure Senseless { get; } = new(FailureKind.Damaged, "a node told of the community's accounts what makes no sense");

    private static Outcome<T> Read<T>(ReadOnlyMemory<byte> body, Func<DeskResponse, Outcome<T>> read)
    {
        try
        {
            var response = ProtobufBytes.Read(DeskResponse.Parser, body.Span);
            return response.Failure is not { } failure ? read(response)
                : Enum.IsDefined((FailureKind)(failure.Kind - 1)) ? new Failure((FailureKind)(failure.Kind - 1), failure.Message)
                : new Failure(FailureKind.Unavailable, failure.Message);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return Senseless;
        }
    }

    private static AccountStanding? Read(StandingFound found) =>
        found.Account.Length == AccountId.Size && ToGrants(found.Grants) is { } grants
            ? new AccountStanding(
                new AccountId(found.Account.Span), found.Name, [.. found.Roles], grants, found.IsSuspended, found.IsClosed, found.Version)
            : null;

    private static StandingFound Write(AccountStanding standing) => new()
    {
        Account = ByteString.CopyFrom(standing.Account.ToArray()),
        Name = standing.Name,
        Roles = { standing.Roles },
        Grants = { standing.Grants.Select(grant => grant.Text) },
        IsSuspended = standing.IsSuspended,
        IsClosed = standing.IsClosed,
        Version = standing.Version,
    };

    private static List<Grant>? ToGrants(IReadOnlyCollection<string> texts)
    {
        List<Grant> grants = [];
        foreach (var text in texts)
        {
            if (Grant.Parse(text) is not { Succeeded: true, Value: var grant })
            {
                return null;
            }

            grants.Add(grant);
        }

        return grants;
    }

    private static DeskResponse Fail(Failure failure) => new() { Failure = new DeskFailure { Kind = (int)failure.Kind + 1, Message = failure.Message } };

    private static Outcome<ReadOnlyMemory<byte>> Bytes(DeskResponse response) => (ReadOnlyMemory<byte>)response.ToByteArray();
}
