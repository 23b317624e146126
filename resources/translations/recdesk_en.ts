<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>DetailsCard</name>
    <message numerus="yes">
        <source>%n line(s) of its log are damaged and left out of the curves.</source>
        <translation>
            <numerusform>%n line of its log is damaged and left out of the curves.</numerusform>
            <numerusform>%n lines of its log are damaged and left out of the curves.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunActions</name>
    <message numerus="yes">
        <source>Moving %n run(s) to the trash</source>
        <translation>
            <numerusform>Moving %n run to the trash</numerusform>
            <numerusform>Moving %n runs to the trash</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Putting back %n run(s)</source>
        <translation>
            <numerusform>Putting back %n run</numerusform>
            <numerusform>Putting back %n runs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move %n run(s) to the trash of the workspace?</source>
        <translation>
            <numerusform>Move %n run to the trash of the workspace?</numerusform>
            <numerusform>Move %n runs to the trash of the workspace?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunsPage</name>
    <message numerus="yes">
        <source>%n run(s); choose several with Ctrl to compare them</source>
        <translation type="vanished">
            <numerusform>%n run</numerusform>
            <numerusform>%n runs; choose several with Ctrl to compare them</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n run(s); Ctrl+click to compare</source>
        <translation>
            <numerusform>%n run; Ctrl+click to compare</numerusform>
            <numerusform>%n runs; Ctrl+click to compare</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SettingsCard</name>
    <message numerus="yes">
        <source>%n differ from preset</source>
        <translation>
            <numerusform>%n differs from preset</numerusform>
            <numerusform>%n differ from preset</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusPresenter</name>
    <message numerus="yes">
        <source>%n jobs</source>
        <translation>
            <numerusform>%n job</numerusform>
            <numerusform>%n jobs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>idle, %n in the queue</source>
        <translation>
            <numerusform>idle, %n in the queue</numerusform>
            <numerusform>idle, %n in the queue</numerusform>
        </translation>
    </message>
</context>
</TS>
