using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Trust;

namespace Cete.Web.Tests.Support;

/// <summary>A program that speaks the API in an account's session, with a key that may sign for it.</summary>
internal sealed class Terminal : IDisposable
{
    public const string Password = AccountsSite.Password;

    private readonly AccountsSite _site;
    private readonly HttpClient _http;
    private long _counter;

    public Terminal(AccountsSite site) => (_site, _http) = (site, new HttpClient { BaseAddress = site.Site.Client.BaseAddress });

    public NodeKey Key { get; } = NodeKey.Create();

    public AccountId Account { get; private set; }

    public AuthenticationHeaderValue? Session
    {
        get => _http.DefaultRequestHeaders.Authorization;
        set => _http.DefaultRequestHeaders.Authorization = value;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An account of which this terminal is the first device; it is logged in.</summary>
    /// <param name="site">Where.</param>
    /// <param name="name">The account's name.</param>
    /// <param name="codes">Its recovery codes.</param>
    public static async Task<Terminal> RegisterAsync(AccountsSite site, string name, params IEnumerable<RecoveryCode> codes)
    {
        var terminal = new Terminal(site);
        var request = new RegisterRequest(
            name, Password, Device: terminal.Device("laptop"), RecoveryKeys: [.. codes.Select(code => code.PublicKey())]);
        var made = await terminal.SendAsync(HttpMethod.Post, Routes.Accounts, request, ApiJson.Default.RegisterRequest, ApiJson.Default.AccountInfo);
        Assert.True(made.Succeeded, made.Failure?.Message);
        await terminal.LogInAsync(name, Password, device: terminal.Key.Id.ToString());
        return terminal;
    }

    public async Task LogInAsync(string name, string password, string? code = null, string? device = null)
    {
        var opened = await SendAsync(
            HttpMethod.Post, Routes.Sessions, new LogInRequest(name, password, code, Device: device), ApiJson.Default.LogInRequest,
            ApiJson.Default.LogInAnswer);
        Assert.True(opened.Succeeded, opened.Failure?.Message);
        Session = new AuthenticationHeaderValue("Bearer", opened.Value.Secret);
        Assert.True(AccountId.TryParse(opened.Value.Account.Id, out var account));
        Account = account;
    }

    /// <summary>This terminal's keys, as an account is told them.</summary>
    public NewDevice NewDevice(string label)
    {
        using var exchange = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var exchangeKey = exchange.ExportSubjectPublicKeyInfo();
        return new NewDevice(Key.PublicKey, exchangeKey, DeviceCertificate.Make(Key, _site.Parts.Community, exchangeKey), label);
    }

    public DeviceRequest Device(string label)
    {
        var device = NewDevice(label);
        return new DeviceRequest(device.SigningKey.ToArray(), device.ExchangeKey.ToArray(), device.Certificate.ToArray(), label);
    }

    public byte[] Sign(string purpose, byte[] payload) =>
        SignedStatement.Sign(Key, _site.Parts.Community, purpose, Account, ++_counter, payload).ToArray();

    public Task<Outcome<ChangeAnswer>> ChangeAsync<TBody>(HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> type) =>
        SendAsync(method, path, body, type, ApiJson.Default.ChangeAnswer);

    public Task<Outcome<ChangeAnswer>> AddAsync(NewDevice device) => ChangeAsync(
        HttpMethod.Post, Routes.Devices, new StatementRequest(Sign(DeviceAct.Purpose, new DeviceAct.Add(device).ToPayload())),
        ApiJson.Default.StatementRequest);

    public Task<Outcome<ChangeAnswer>> RemoveAsync(KeyId device) => ChangeAsync(
        HttpMethod.Delete, Routes.Devices, new StatementRequest(Sign(DeviceAct.Purpose, new DeviceAct.Remove(device.ToString()).ToPayload())),
        ApiJson.Default.StatementRequest);

    public async Task<Outcome<TAnswer>> SendAsync<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> type, JsonTypeInfo<TAnswer> answer)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body, type) };
        return await SendAsync(request, answer);
    }

    public async Task<Outcome<TAnswer>> GetAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, answer);
    }

    public async Task<Outcome<TAnswer>> SendAsync<TAnswer>(HttpRequestMessage request, JsonTypeInfo<TAnswer> answer)
    {
        using var response = await _http.SendAsync(request, Cancel);
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync(answer, Cancel))!
            : Problems.ToFailure(await response.Content.ReadFromJsonAsync(ApiJson.Default.Problem, Cancel), (int)response.StatusCode);
    }

    public void Dispose()
    {
        Key.Dispose();
        _http.Dispose();
    }
}
