using System.Collections.Concurrent;
using System.Text.Json;
using Cete.Core;
using Cete.Ports;
using Cete.Storage;
using Cete.Trust;

namespace Cete.Benchmarks.Cluster;

/// <summary>
/// Members of a real node's community, all in this process: each with a key, a certificate, the product's membership and a fabric over TLS of its own
/// for the real node. Among themselves they hand messages over in memory: what the real node sees is what 99 processes would send it.
/// </summary>
internal static class LightMembers
{
    public const string Argument = "light-members";

    /// <summary>Runs them until its input ends; says <c>ready</c> when all of them see all.</summary>
    public static async Task RunAsync(string data, string address, int count)
    {
        await using var members = new Members(data, address);
        for (var i = 0; i < count; i++)
        {
            await members.AddAsync($"light-{i}");
        }

        await members.AllSeenAsync(count + 1);
        Console.WriteLine("ready");
        await Console.In.ReadLineAsync();
    }

    private sealed class Members : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<KeyId, (LightMember Member, FabricPeer Peer)> _all = new();
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly IssuingAuthority _authority;
        private readonly KeyId _node;
        private readonly string _address;
        private int _wanted = int.MaxValue;

        public Members(string data, string address)
        {
            using var facts = JsonDocument.Parse(File.ReadAllText(Path.Combine(data, "cete.json")));
            _address = address;
            _node = Parse(facts, "node");
            _authority = IssuingAuthority.FromPem(File.ReadAllText(new TrustFolder(data).PathOf(TrustFolder.Issuing)), Parse(facts, "communityId")).Value;
        }

        public async Task AddAsync(string name)
        {
            var (key, now) = (NodeKey.Create(), Instant.From(TimeProvider.System.GetUtcNow()));
            var roles = RoleSet.From(["share"]).Value;
            var identity = NodeIdentity.Accept(key, _authority.Community, _authority.Issue(key.CreateSigningRequest(), roles, now).Value, now).Value;
            var member = new LightMember(identity, name, to => to == _node ? [_address] : [], Deliver);
            _all[identity.Id] = (member, new FabricPeer(identity.Id, roles));
            member.Membership.Watch(_ => Look());
            await member.JoinAsync(_address);
        }

        public Task AllSeenAsync(int count)
        {
            _wanted = count;
            Look();
            return _seen.Task;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var (member, _) in _all.Values)
            {
                await member.DisposeAsync();
            }

            _authority.Dispose();
        }

        private static KeyId Parse(JsonDocument facts, string name) =>
            KeyId.TryParse(facts.RootElement.GetProperty(name).GetString(), out var id) ? id : throw new InvalidOperationException($"no {name}");

        private bool? Deliver(KeyId from, KeyId to, ReadOnlyMemory<byte> body)
        {
            if (to == _node)
            {
                return null;
            }

            if (_all.TryGetValue(to, out var target) && _all.TryGetValue(from, out var source))
            {
                target.Member.Membership.Take(source.Peer, body);
            }

            return true;
        }

        private void Look()
        {
            if (_all.Values.All(one => one.Member.Membership.View.Present.Count() >= _wanted))
            {
                _seen.TrySetResult();
            }
        }
    }
}
