using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using Cete.Accounts.Passkeys;

namespace Cete.Testing;

/// <summary>An authenticator with one passkey (WebAuthn level 2 §6), which lies as it is told.</summary>
internal sealed class SoftAuthenticator(string domain = "example.org", bool isRsa = false) : IDisposable
{
    private readonly ECDsa _elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _rsa = RSA.Create(2048);

    public byte[] Id { get; set; } = RandomNumberGenerator.GetBytes(16);

    public string Domain { get; set; } = domain;

    public string Origin { get; set; } = $"https://{domain}";

    /// <summary>Goes on with each signature; null where it counts none.</summary>
    public uint? Counter { get; set; } = 0;

    /// <summary>UP and UV.</summary>
    public byte Flags { get; set; } = 0x05;

    public string? Type { get; set; }

    /// <summary>What stands behind the members of the client data that are needed.</summary>
    public string More { get; set; } = ",\"crossOrigin\":false,\"other_keys\":[1]";

    public byte[] PublicKey()
    {
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        if (isRsa)
        {
            var parameters = _rsa.ExportParameters(false);
            Write(writer, [(1, 3), (3, -257)], [(-1, parameters.Modulus!), (-2, parameters.Exponent!)]);
        }
        else
        {
            var point = _elliptic.ExportParameters(false).Q;
            Write(writer, [(1, 2), (3, -7), (-1, 1)], [(-2, point.X!), (-3, point.Y!)]);
        }

        return writer.Encode();
    }

    public PasskeyMade Make(string challenge) => new(Client(ClientData.Create, challenge), Attestation(Data(0x40)));

    public PasskeyShown Show(string challenge, ReadOnlyMemory<byte> user = default)
    {
        Counter += 1;
        var (client, data) = (Client(ClientData.Get, challenge), Data(0));
        byte[] signed = [.. data, .. SHA256.HashData(client)];
        var signature = isRsa
            ? _rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : _elliptic.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return new PasskeyShown(Id, client, data, signature, user);
    }

    public byte[] Data(byte more)
    {
        var data = new List<byte>(SHA256.HashData(Encoding.ASCII.GetBytes(Domain)));
        data.Add((byte)(Flags | more));
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter ?? 0);
        data.AddRange(counter);
        if ((more & 0x40) != 0)
        {
            data.AddRange(new byte[16]);
            data.AddRange([(byte)(Id.Length >> 8), (byte)Id.Length]);
            data.AddRange(Id);
            data.AddRange(PublicKey());
        }

        return [.. data];
    }

    public static byte[] Attestation(byte[] data)
    {
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString("none");
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(0);
        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString(data);
        writer.WriteEndMap();
        return writer.Encode();
    }

    public byte[] Client(string type, string challenge) => Encoding.UTF8.GetBytes(
        $"{{\"type\":\"{Type ?? type}\",\"challenge\":\"{challenge}\",\"origin\":\"{Origin}\"{More}}}");

    public void Dispose()
    {
        _elliptic.Dispose();
        _rsa.Dispose();
    }

    private static void Write(CborWriter writer, (int Label, int Value)[] numbers, (int Label, byte[] Value)[] texts)
    {
        writer.WriteStartMap(numbers.Length + texts.Length);
        foreach (var (label, value) in numbers)
        {
            writer.WriteInt32(label);
            writer.WriteInt32(value);
        }

        foreach (var (label, value) in texts)
        {
            writer.WriteInt32(label);
            writer.WriteByteString(value);
        }

        writer.WriteEndMap();
    }
}
