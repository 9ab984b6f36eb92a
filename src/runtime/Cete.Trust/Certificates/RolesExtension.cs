using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;

namespace Cete.Trust.Certificates;

/// <summary>The roles of a node in its certificate; see <see cref="Oids.Roles"/>.</summary>
internal static class RolesExtension
{
    private static readonly Failure Malformed = new(
        FailureKind.Invalid, "the roles in the node's certificate are malformed; it was issued by a program that does not know the rules, renew it");

    public static X509Extension Write(RoleSet roles)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var role in roles)
            {
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, role);
            }
        }

        return new X509Extension(Oids.Roles, writer.Encode(), critical: false);
    }

    /// <summary>Refuses any other form than the one that <see cref="Write"/> makes.</summary>
    public static Outcome<RoleSet> Read(X509Extension extension) => Hostile.Read(Malformed, () => Read(extension.RawData));

    private static Outcome<RoleSet> Read(byte[] data)
    {
        var reader = new AsnReader(data, AsnEncodingRules.DER);
        var items = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var names = new List<string>();
        while (items.HasData)
        {
            names.Add(items.ReadCharacterString(UniversalTagNumber.UTF8String));
            if (names.Count > RoleSet.CountMax)
            {
                return Malformed;
            }
        }

        var roles = RoleSet.From(names);
        return roles.Succeeded && roles.Value.SequenceEqual(names, StringComparer.Ordinal) ? roles : Malformed;
    }
}
