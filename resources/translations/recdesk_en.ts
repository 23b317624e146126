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
    <name>RunsPage</name>
    <message numerus="yes">
        <source>%n run(s); choose several with Ctrl to compare them</source>
        <translation>
            <numerusform>%n run</numerusform>
            <numerusform>%n runs; choose several with Ctrl to compare them</numerusform>
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
</context>
</TS>
