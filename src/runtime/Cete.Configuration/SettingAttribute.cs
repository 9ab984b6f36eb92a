namespace Cete.Configuration;

/// <summary>Says which path of the configuration a property is read from. A test holds the paths against <c>hocon/reference.conf</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string path) : Attribute
{
    /// <summary>The whole path.</summary>
    public string Path { get; } = path;
}
